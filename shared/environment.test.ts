import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createAnnounce } from "./announce.ts";
import { commonVariables, parseVariables } from "./environment.ts";
import { newId, newTraceId } from "./ids.ts";
import { insertMessage, insertPushMessage } from "./storage/outbox.ts";
import { createQueue, createQueues } from "../test/support/shared/world.ts";

const variables = z.object(commonVariables);
const least = { PUBLIC_URL: "https://bot.example", TARGET_CREDENTIALS: "{}" };

describe("the variables", () => {
  test("list hosts of targets with commas or spaces", () => {
    expect(
      parseVariables(variables, { ...least, ALLOWED_TARGET_HOSTS: " CV.example, search.example:8443 " }),
    ).toMatchObject({ ALLOWED_TARGET_HOSTS: ["cv.example", "search.example:8443"] });
  });

  test("have defaults; an absent ENVIRONMENT means production", () => {
    expect(parseVariables(variables, least)).toEqual({
      ...least,
      ENVIRONMENT: "production",
      D1CV_API_URL: "",
      AI_AGENT_API_URL: "",
      ALLOWED_TARGET_HOSTS: [],
      DISPATCH_TIMEOUT_MS: 20_000,
      COMPLETION_TIMEOUT_MS: 300_000,
      ASK_INTERVAL_MS: 60_000,
    });
  });

  test("are text, and milliseconds are read as numbers", () => {
    expect(parseVariables(variables, { ...least, DISPATCH_TIMEOUT_MS: "500" }).DISPATCH_TIMEOUT_MS).toBe(500);
  });

  test("that are missing or malformed are named, without their values", () => {
    const wrong = {
      TARGET_CREDENTIALS: "secret",
      ENVIRONMENT: "staging",
      DISPATCH_TIMEOUT_MS: "-1",
      ASK_INTERVAL_MS: "1 s",
    };
    expect(() => parseVariables(variables, wrong)).toThrow(
      /ENVIRONMENT, PUBLIC_URL, DISPATCH_TIMEOUT_MS, ASK_INTERVAL_MS$/,
    );
    expect(() => parseVariables(variables, wrong)).not.toThrow(/secret|staging|1 s/);
  });
});

describe("an announcement", () => {
  const setUp = () => {
    const woken: string[] = [];
    const watched: [string, number][] = [];
    const told: string[] = [];
    const queue = createQueue();
    const queues = createQueues(queue);
    const announce = createAnnounce({
      db: env.DB,
      nowMs: () => 0,
      queues,
      notifyFollowers: async (workspaceId) => void told.push(workspaceId),
      wakeSlackOutbox: async (workspaceId) => void woken.push(workspaceId),
      watchDeadline: async (workspaceId, atMs) => void watched.push([workspaceId, atMs]),
    });
    return { woken, told, watched, queue, queues, announce };
  };

  test("tells followers and wakes Slack's outbox always, relays and watches only when there is something to", async () => {
    await insertPushMessage(
      env.DB,
      "row",
      { workspaceId: "T1", jobId: "job", attempt: 1 },
      "2026-11-23T08:00:00.000Z",
    ).run();
    const { woken, told, watched, queue, announce } = setUp();
    await announce("T1");
    expect([woken, told, watched, queue.sent]).toEqual([["T1"], ["T1"], [], []]);
    await announce("T1", { dispatched: true, watchAt: "2026-11-23T08:00:20.000Z" });
    expect(watched).toEqual([["T1", Date.parse("2026-11-23T08:00:20.000Z")]]);
    expect(queue.sent).toHaveLength(1);
  });

  test("relays what webhooks are to be told, also when there is none any more", async () => {
    const { queues, announce } = setUp();
    const message = { workspaceId: "T2", deliveryId: "msg_wh_1", attempt: 0, traceId: "t" };
    await insertMessage(env.DB, { workspaceId: "T2", id: "told", queue: "cv-deliveries" }, message, "2026").run();
    await announce("T2");
    expect(queues["cv-deliveries"].sent).toEqual([message]);
  });

  test("never throws, and one step that fails does not stop the others", async () => {
    const { watched, queue } = setUp();
    queue.isDown = true;
    await insertPushMessage(
      env.DB,
      "row-2",
      { workspaceId: "T1", jobId: "job", attempt: 1 },
      "2026-11-23T08:00:00.000Z",
    ).run();
    const announce = createAnnounce({
      db: env.DB,
      nowMs: () => 0,
      queues: createQueues(queue),
      notifyFollowers: () => Promise.reject(new Error("overloaded")),
      wakeSlackOutbox: () => Promise.reject(new Error("overloaded")),
      watchDeadline: async (workspaceId, atMs) => void watched.push([workspaceId, atMs]),
    });
    await expect(announce("T1", { dispatched: true, watchAt: "2026-11-23T08:00:20.000Z" })).resolves.toBeUndefined();
    expect(watched).toHaveLength(1);
    expect(await env.DB.prepare("SELECT attempts FROM outbox WHERE id = 'row-2'").first("attempts")).toBe(1);
  });
});

describe("ids", () => {
  test("are 26 characters that sort by time and do not repeat", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => newId(1_700_000_000_000 + index));
    expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => newId(1))).size).toBe(1000);
  });

  test("of traces are 32 hex digits", () => {
    expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
  });
});
