/** Before every test: an empty world on a clock that stands still. After it: nobody has broken Slack's rules. */
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { forgetOwnWorkspaces } from "../../../bot/slack/core/own-workspace.ts";
import { freshDatabase } from "../shared/fresh-database.ts";
import { clock } from "./clock.ts";
import { database, logged, queued, resetTargets, slack } from "./stand-ins.ts";

/** Ids and addresses of people, secrets, and what they write about: no line of the log has them. */
const personal = /\bU0[A-Z]\w*|@example\.com|xox[a-z]-|whsec_|cvops_|Skill updates|experience_years=/;

beforeAll(freshDatabase);

beforeEach(() => {
  slack.reset();
  database.reset();
  resetTargets();
  forgetOwnWorkspaces();
  queued.length = 0;
  logged.length = 0;
  clock.start();
  // Every wait is the longest that it can be.
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => slack.fetch(input, init));
  const write = console.log.bind(console);
  vi.spyOn(console, "log").mockImplementation((line: unknown) => {
    logged.push(String(line));
    write(line);
  });
});

afterEach(() => {
  const { problems } = slack;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  expect(problems).toEqual([]);
  expect(logged.filter((line) => personal.test(line))).toEqual([]);
});
