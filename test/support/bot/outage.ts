/** A workspace whose database has outages, and what the people in Slack get: at once, and in the end. */
import {
  createExecutionContext,
  env,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { expect } from "vitest";
import { createApp } from "../../../bot/app.ts";
import { createDeps } from "../../../bot/env.ts";
import { clock } from "./clock.ts";
import type { FaultyDatabase } from "./faulty-database.ts";
import { signedSlackRequest } from "./slack-request.ts";
import { database } from "./stand-ins.ts";
import type { World } from "./world.ts";

export class Outage {
  readonly world: World;
  readonly #app: ReturnType<typeof createApp>;
  readonly #tries: ExecutionContext[] = [];

  /** @param ownDatabase of the Worker, where it differs from the object's */
  constructor(world: World, ownDatabase: FaultyDatabase = database) {
    this.world = world;
    this.#app = createApp(createDeps({ ...env, DB: ownDatabase as unknown as D1Database }));
  }

  /** Slack's view of a request: the acknowledgement, always in time. What the Worker does after it goes on. */
  async post(body: Record<string, string> | string): Promise<string> {
    const response = await this.send(body);
    expect(response.status).toBe(200);
    return response.text();
  }

  async send(body: Record<string, string> | string): Promise<Response> {
    const ctx = createExecutionContext();
    this.#tries.push(ctx);
    const startedMs = performance.now();
    const response = await this.#app.fetch(signedSlackRequest(body), env, ctx);
    expect(performance.now() - startedMs, "acknowledged in time").toBeLessThan(3000);
    return response;
  }

  /** What the Worker does after its answers is done. */
  async firstTriesEnd(): Promise<void> {
    for (const ctx of this.#tries.splice(0)) await waitOnExecutionContext(ctx);
  }

  get #object() {
    return env.PENDING_COMMANDS.getByName(this.world.team);
  }

  nextAlarmMs(): Promise<number | null> {
    return runInDurableObject(this.#object, (_object, { storage }) => storage.getAlarm());
  }

  /** What the object keeps, as one text. */
  kept(): Promise<string> {
    return runInDurableObject(this.#object, async (_object, { storage }) => {
      const entries = [...(await storage.list())].filter(([key]) => key !== "sequence");
      return JSON.stringify(entries);
    });
  }

  /** The alarm rings once, when it is due. @returns false when nothing is pending */
  async ring(): Promise<boolean> {
    const atMs = await this.nextAlarmMs();
    if (atMs === null) return false;
    clock.to(atMs);
    await runDurableObjectAlarm(this.#object);
    return true;
  }

  /** The clock runs for so long, with every alarm that rings meanwhile. */
  async pass(ms: number): Promise<void> {
    const untilMs = clock.nowMs() + ms;
    for (let atMs = await this.nextAlarmMs(); atMs !== null && atMs <= untilMs; atMs = await this.nextAlarmMs())
      await this.ring();
    clock.to(untilMs);
  }

  /** Until nothing is pending. @returns how often the alarm rang */
  async settle(maxRings = 100): Promise<number> {
    let rings = 0;
    while (await this.ring()) {
      rings += 1;
      if (rings > maxRings) throw new Error(`something is pending after ${maxRings} rings: ${await this.kept()}`);
    }
    return rings;
  }

  /** Ends the object's life in memory, and keeps its storage and alarm. */
  async evict(): Promise<void> {
    const object = this.#object;
    const alarmMs = await runInDurableObject(object, async (_object, { storage }) => {
      const atMs = await storage.getAlarm();
      await storage.deleteAlarm();
      return atMs;
    });
    await evictDurableObject(object);
    if (alarmMs !== null) await runInDurableObject(object, (_object, { storage }) => storage.setAlarm(alarmMs));
  }
}
