/** The guided first steps are true: somebody reads each as the page shows it, and does what it says. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
  await session.reset();
});
afterAll(() => session.close());

const stepCount = 12;

/** Understands the sentences of a step, in their order. */
class Reader {
  readonly page: Page;
  readonly steps: Locator;
  readonly content: Locator;

  constructor(page: Page) {
    this.page = page;
    this.steps = page.getByTestId("first-steps");
    this.content = this.steps.locator(".step-content");
  }

  async open(number: number): Promise<string> {
    await this.steps.getByRole("button", { name: new RegExp(`^${number}\\. `) }).click();
    return (await this.content.locator("p").first().textContent()) ?? "";
  }

  isDone(number: number): Locator {
    return this.steps.getByRole("button", { name: new RegExp(`^${number}\\. .*, done$`) });
  }

  /** Puts a line of the step into the composer and sends it; what it says comes as a new message. */
  async types(line: Locator): Promise<void> {
    const messages = this.page.getByTestId("message");
    await line.click();
    const before = await messages.count();
    await this.page.getByTestId("composer").press("Enter");
    await messages.nth(before).waitFor();
    await this.page.getByText("Sending…").waitFor({ state: "detached" });
  }

  line(begin: string): Locator {
    return this.content.getByRole("button", { name: new RegExp(`^${begin}`) });
  }

  /** The newest button that is called so, on a message. */
  async presses(label: string): Promise<void> {
    await this.page.getByTestId("message").getByRole("button", { name: label, exact: true }).last().click();
  }

  async becomes(role: string): Promise<void> {
    const names: Record<string, string> = { author: "Avery", approver: "Priya", admin: "Carla" };
    const become = this.content.getByRole("button", { name: `Become ${names[role] ?? role}` });
    if ((await become.count()) > 0) await become.click();
    await this.content.getByRole("button", { name: `You are ${names[role] ?? role}` }).waitFor();
  }

  async turnsOn(what: string, target: string): Promise<void> {
    await this.page.locator(`[data-testid^="fault-${target}."]`).filter({ hasText: what }).click();
  }
}

const clauses =
  /as the (?<role>author|approver|admin)|(?<act>stage|commit|approve|somebody else changes the row)\b|(?<push>push)(?=: | it|[.,])|press (?<button>[A-Z][a-z]+ [a-z]+(?: [a-z]+)?(?= on)|[A-Z][a-z]+(?: mine)?)|turn on (?<fault>[A-Z][a-z ]+) of (?<target>[\w-]+)/gi;

/** Steps whose buttons are the whole of it. What a button does may lead on to the next step: so each is opened anew. */
const doesWithButtons = async (reader: Reader, number: number, text: string): Promise<void> => {
  const buttons = await reader.content.locator("button:not(.code-button)").allTextContents();
  const lines = await reader.content.locator("button.code-button").allTextContents();
  for (const label of buttons) {
    const button = reader.content.getByRole("button", { name: label, exact: true });
    await reader.open(number);
    // "The line, or the form."
    if (label !== "Open the form" && (await button.isEnabled())) await button.click();
  }
  if (/ or type it/.test(text)) return;
  for (const line of lines) {
    await reader.open(number);
    await reader.types(reader.content.getByRole("button", { name: line, exact: true }));
  }
};

const doesWhatItSays = async (reader: Reader, text: string): Promise<void> => {
  for (const { groups = {} } of text.matchAll(clauses)) {
    const { role, act, push, button, fault, target } = groups;
    if (role) await reader.becomes(role);
    else if (act === "stage" || act === "commit") await reader.types(reader.line(`/cv ${act}`));
    else if (act === "approve") await reader.presses("Approve");
    else if (act) {
      await reader.content.getByRole("button", { name: "Change the row" }).click();
      await reader.content.getByRole("button", { name: /^It has \d+ years now/ }).waitFor();
    } else if (push) await reader.presses("Push to all");
    else if (button) await reader.presses(button);
    else if (fault && target) await reader.turnsOn(fault, target);
  }
};

/** Of a step with buttons: what is to be pressed or turned on besides. */
const pressed = (text: string): string => /(?:press|turn on) .*/i.exec(text)?.[0].replace(/ on the .*/, " on it") ?? "";

/** Steps that are a story: who does what, in turn. */
const stories = new Set([11, 12]);

test(
  "each of the twelve first steps does what its text says, and ticks itself off",
  { timeout: 300_000 },
  async (context) => {
    const { page } = await session.asPerson(context, "Avery");
    await page.getByRole("button", { name: "How this works" }).click();
    const reader = new Reader(page);
    for (let number = 1; number <= stepCount; number += 1) {
      const text = await reader.open(number);
      expect(text.length, `the text of step ${number}`).toBeGreaterThan(20);
      if (!stories.has(number)) await doesWithButtons(reader, number, text);
      await doesWhatItSays(reader, stories.has(number) ? text : pressed(text));
      await reader.isDone(number).waitFor();
      expect(await reader.steps.locator(".step-count").textContent()).toBe(`${number} of ${stepCount}`);
    }
    await reader.content.getByText("That was all of it.").waitFor();
  },
);
