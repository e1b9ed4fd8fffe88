/** Every message of the catalogue, as each medium shows it: no part is missing, and the language is the glossary's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mrkdwn } from "../bot/slack/blocks/mrkdwn.ts";
import { requestOf } from "../bot/api/requests.ts";
import { ApiProblem } from "../clients/sdk/index.ts";
import { refusalText } from "../clients/cli/refusal.ts";
import { explainFailure } from "../clients/portal/messages/failures.ts";
import { problem } from "../shared/contract/problem.ts";
import { type Refusal, refusalCodes } from "../shared/contract/refusals.ts";
import { checkMessage } from "../shared/messages/en/checks.ts";
import { eventMessage } from "../shared/messages/en/events.ts";
import { refusalMessage, refusalTitle } from "../shared/messages/en/refusals.ts";
import type { Message } from "../shared/messages/message.ts";
import { plainText } from "../shared/messages/plain-text.ts";
import { longSentences, readRules, wrongWords } from "../tools/scripts/prose.ts";
import { root } from "../tools/scripts/tree.ts";
import { checksSaying } from "./support/messages/checks.ts";
import { eventsSaying } from "./support/messages/events.ts";
import { refusalsSaying } from "./support/messages/refusals.ts";

const rules = readRules(readFileSync(join(root, "docs/explanation/glossary.md"), "utf8"));

const problemsOf = (text: string): string[] => [
  ...wrongWords(text, rules),
  ...longSentences(text.replaceAll(/\n•?/g, ". ")),
  ...(/undefined|null|\[object|NaN|[^•\s] {2}|[^.]\.\.(?!\.)|\.\)?:/.test(text) ? ["a part is missing"] : []),
];

const problemWith = ({ code, ...members }: Refusal): ApiProblem =>
  new ApiProblem({ ...members, status: 409, code, title: "", detail: "as the server says", traceId: null });

const inSlack = (message: Message): string => mrkdwn(message).replaceAll(/<[^>]*>/g, "x");
const inLines = (message: Message): string =>
  plainText(message, { list: (lines) => `${lines.map((line) => `\n•  ${line}`).join("")}\n` }).trimEnd();
const overHttp = (message: Message): string => plainText(message, { step: requestOf });

const refusals = refusalsSaying("some text");

describe.each<[string, (refusal: Refusal) => string]>([
  ["in Slack", (refusal) => inSlack(refusalMessage(refusal))],
  ["over HTTP", (refusal) => overHttp(refusalMessage(refusal))],
  ["in the portal", (refusal) => explainFailure(problemWith(refusal), (id) => id).text],
  ["in a shell", (refusal) => refusalText(problemWith(refusal), problemWith(refusal).members)],
])("a refusal %s", (_, shown) => {
  test.each(refusalCodes)("the refusal %s says what was wrong in short sentences", (code) => {
    const texts = refusals.filter((refusal) => refusal.code === code).map(shown);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      expect(problemsOf(text), text).toEqual([]);
      expect(text).toMatch(/^[A-Z"`*#]|^some text/);
      expect(text).not.toBe("as the server says");
    }
  });
});

test("no field of a refusal has the name of a problem's own field", () => {
  const own = Object.keys(problem.def.shape).filter((name) => name !== "errors");
  expect(refusals.filter((refusal) => own.some((name) => name !== "code" && name in refusal))).toEqual([]);
});

test("the title of a problem is short and unique", () => {
  const titles = refusalCodes.map(refusalTitle);
  for (const title of titles) expect(title).toMatch(/^[A-Z][^.?!]{4,39}$/);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test.each(eventsSaying("some text").map((event) => [event.type, event] as const))(
  "the message of an event is short sentences: %s",
  (_, event) => {
    const message = eventMessage(event);
    for (const text of [inSlack(message), overHttp(message)]) {
      expect(problemsOf(text), text).toEqual([]);
      expect(text).toMatch(/^[A-Za-z]/);
    }
  },
);

test.each(checksSaying("some text").map((check) => [check.name, check.state, check] as const))(
  "the message of a check is short sentences: %s that is %s",
  (_, _state, check) => {
    const message = checkMessage(check);
    for (const text of [inSlack(message), inLines(message)]) {
      expect(problemsOf(text), text).toEqual([]);
      expect(text).toMatch(/^(?:[A-Z]|some text)/);
    }
  },
);
