/** What commands, pages and operations read grows neither with a workspace's history nor with other workspaces. */
import { describe, expect, test } from "vitest";
import { operations } from "../shared/contract/operations.ts";
import type { Operation } from "../shared/contract/operations/operation.ts";
import { boundedOtherwise, grownFrom } from "../test/support/bot/flat-reads.ts";
import { type Step, walk } from "../test/support/bot/walk.ts";
import { commands } from "./slack/commands.ts";

let walked: Promise<Step[]> | null = null;
/** Once for all tests of the file. */
const usual = (): Promise<Step[]> => (walked ??= walk({ commits: 10 }));
const names = async (): Promise<string[]> => (await usual()).map(({ name }) => name);

test("what anybody asks for reads as many rows after a thousand commits as after ten", async () => {
  expect(grownFrom(await usual(), await walk({ commits: 1000 }))).toEqual(boundedOtherwise.byHistory);
}, 60_000);

test("what anybody asks for reads as many rows among a thousand workspaces as in the only one", async () => {
  expect(grownFrom(await usual(), await walk({ commits: 10, neighbours: 1000 }))).toEqual(
    boundedOtherwise.byWorkspaces,
  );
}, 60_000);

/** No question about a workspace: they read one row of what signs somebody in. */
const isSignIn = (path: string): boolean => path.startsWith("/logins/");

/** Of one webhook, which is there only where somebody has added it; its deliveries are listed by index. */
const isOfWebhook = (path: string): boolean => /^\/(?:webhooks\/\{|deliveries\/)/.test(path);

/** On request of a person, and seldom: it reads all that is stored of them. */
const isSeldom = (path: string): boolean => path === "/people/{userId}/export";

describe("what is measured", () => {
  test.each(commands.map(({ name }) => name))("the command %s is among what is measured", async (name) => {
    expect(await names()).toContainEqual(expect.stringMatching(new RegExp(`^/cv ${name}( |$)`)));
  });

  const read = Object.values(operations).filter(({ method }: Operation) => method === "GET");
  test.each(
    read.map(({ path }: Operation) => path).filter((path) => !isSignIn(path) && !isOfWebhook(path) && !isSeldom(path)),
  )("the operation that reads %s is among what is measured", async (path) => {
    const pattern = new RegExp(`^GET ${path.replaceAll(/\{\w+\}/g, "[^/?]+")}(?:\\?|$)`);
    expect(await names()).toContainEqual(expect.stringMatching(pattern));
  });
});
