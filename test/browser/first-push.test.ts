/** docs/tutorial/first-push.md is true: somebody reads it, section by section, and does what it says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrowserSession, type Person, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
  await session.reset();
});
afterAll(() => session.close());

const page = readFileSync(join(import.meta.dirname, "../../docs/tutorial/first-push.md"), "utf8");
/** By their numbers, each without its pictures. */
const sections = new Map(
  page
    .split(/^## /m)
    .map((text) => [Number(/^(\d)\. /.exec(text)?.[1] ?? 0), text.replaceAll(/!\[[^\]]*\]\([^)]*\)/g, "")] as const),
);

const instructions =
  /^```\n(?<block>[^`]*)```|(?<!or )[Tt]ype `(?<line>\/cv [^`]+)`|Choose (?<person>\w+) under|confirm with \*\*(?<confirmed>[^*]+)\*\*|(?:Press|and) \*\*(?<button>[^*]+)\*\*|let (?<target>\S+) (?<fault>fail the next push)|Open \*\*(?<place>\w+)\*\*|(?<thread>Open the thread)|Search\s+for "(?<query>\w+)"|Go back to \*\*(?<channel>\w+)\*\*|(?<another>another change)/gm;

const types = async (reader: Person, line: string): Promise<void> => {
  const messages = reader.page.getByTestId("message");
  const before = await messages.count();
  await reader.type(line);
  await messages.nth(before).waitFor();
};

/** "Stage, commit, approve and push another change." */
const anotherChange = async (reader: Person): Promise<void> => {
  await session.types("Avery", ["/cv stage update technology go-1 level=Expert", '/cv commit -m "Go"']);
  await reader.sees(/Commit #2.*Needs approval/);
  await reader.clickButton("Approve");
  await reader.sees(/Commit #2.*Ready to push/);
  await reader.clickButton("Push to all");
  await reader.sees(/Push #2 .*Failed at d1cv/);
};

const follow = async (reader: Person, section: string): Promise<string[]> => {
  const done: string[] = [];
  for (const { groups = {} } of section.matchAll(instructions)) {
    const { block, line, person, confirmed, button, target, fault, place, thread, query, channel, another } = groups;
    const lines = block?.split("\n").filter((each) => each.startsWith("/cv ")) ?? (line ? [line] : []);
    for (const each of lines) await types(reader, each);
    if (person) await reader.page.getByRole("button", { name: new RegExp(`^${person} `) }).click();
    else if (confirmed) await reader.page.getByTestId("confirm-ok").filter({ hasText: confirmed }).click();
    else if (button === "Faults") await reader.page.getByTestId("tool-faults-toggle").click();
    else if (button) await reader.clickButton(button);
    else if (target)
      await reader.page
        .locator(`[data-testid^="fault-${target}."]`)
        .filter({ hasText: /Fail the next push/ })
        .click();
    else if (place) await reader.page.getByTestId(`${place.toLowerCase()}-nav`).click();
    else if (channel) await reader.openChannel();
    else if (thread) await reader.openThread();
    else if (query) {
      await reader.page.getByTestId("search-input").fill(query);
      await reader.page.getByTestId("search-input").press("Enter");
    } else if (another) await anotherChange(reader);
    done.push(
      ...lines,
      ...[person, confirmed, button, fault, place, thread, query, channel, another].filter(
        (each) => each !== undefined,
      ),
    );
  }
  return done;
};

test(
  "each section of the tutorial does what it says, to a push that fails and is retried",
  { timeout: 300_000 },
  async (context) => {
    const reader = await session.asPerson(context, "Avery");
    const does = (number: number): Promise<string[]> => follow(reader, sections.get(number) ?? "");
    expect(await does(2)).toHaveLength(4);
    await reader.sees("Staged as change 3");
    expect(await does(3)).toEqual(['/cv commit -m "Skill updates"']);
    await reader.sees(/Commit #1.*Needs approval/);
    expect(await does(4)).toEqual(["Priya", "Approve", "Approve"]);
    await reader.sees(/Commit #1.*Ready to push/);
    expect(await does(5)).toEqual(["Push to all", "Open the thread"]);
    await reader.thread.getByText("ai-agent: Indexed for search").waitFor();
    await reader.sees("verified live");
    expect(await does(6)).toEqual(["Portfolio", "Rust", "portfolio", "/cv status 1 --trace"]);
    expect(await does(7)).toEqual(["Faults", "fail the next push", "another change", "Retry"]);
    await reader.sees(/Push #2 .*Applied to/);
  },
);
