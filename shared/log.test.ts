import { afterEach, expect, test, vi } from "vitest";
import { log } from "./log.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const lineOf = (fields: Record<string, unknown>): string => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  log("x", fields);
  return String(written.mock.lastCall?.[0]);
};

test("a line of the log hides people and secrets, wherever they stand in it", () => {
  const error = "no U01AB2CD3EF, avery.o'neil+x@exämple.co.uk; Bearer xoxb-12-ab whsec_bG9j= cvops_a-b_c9";
  expect(JSON.parse(lineOf({ error, deep: { of: ["W0PRIYA01"] } }))).toEqual({
    event: "x",
    error: "no (person), (address); Bearer (secret) (secret) (secret)",
    deep: { of: ["(person)"] },
  });
});

test("a line of the log keeps ids of workspaces, channels and traces, names of variables, and paths", () => {
  const fields = {
    workspaceId: "T0123ABCD",
    channelId: "C0123ABCD",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    error: "Set PUBLIC_URL; UNIQUE constraint failed; at node_modules/@slack/bolt/index.js:1:2",
  };
  expect(JSON.parse(lineOf(fields))).toEqual({ event: "x", ...fields });
});
