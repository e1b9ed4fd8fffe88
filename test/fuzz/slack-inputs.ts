/** Inputs from Slack: commands, clicks, documented payloads and mutations of them. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { buttonActions, encodeButton } from "../../bot/slack/core/buttons/codec.ts";
import { commandButton } from "../../bot/slack/core/buttons/command-button.ts";
import { home, people } from "./harness.ts";
import { near } from "./mutations.ts";
import { typed } from "./texts.ts";

const folder = join(import.meta.dirname, "../fixtures/slack");
const fixtures = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as { payload: object },
);

/** A documented payload with people and channels of this workspace. */
export const documented = fc
  .tuple(fc.constantFrom(...fixtures), fc.constantFrom(...Object.values(people)))
  .map(
    ([{ payload }, userId]) =>
      JSON.parse(
        JSON.stringify(payload)
          .replaceAll("T0TEAM0001", home.id)
          .replaceAll("U0USER0001", userId)
          .replaceAll("C0CHAN0001", home.channel),
      ) as object,
  );

const form = "application/x-www-form-urlencoded";
export const encoded = (payload: unknown): { contentType: string; body: string } => {
  if (typeof payload !== "object" || payload === null || "event" in payload)
    return { contentType: "application/json", body: JSON.stringify(payload) ?? "" };
  if (!("command" in payload))
    return { contentType: form, body: `payload=${encodeURIComponent(JSON.stringify(payload))}` };
  const fields = Object.entries(payload).map(([name, value]) => [name, String(value)]);
  return {
    contentType: form,
    body: new URLSearchParams(Object.fromEntries(fields) as Record<string, string>).toString(),
  };
};

const words = fc.constantFrom(
  ..."help stage staged edit unstage diff commit review commits show approve reject push retry cancel why status drop reopen log search verify reindex settings roles dead-letters".split(
    " ",
  ),
);
const line = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(words, typed).map(([word, rest]) => `${word} ${rest}`) },
  {
    weight: 2,
    arbitrary: fc.tuple(words, fc.integer({ min: 0, max: 4 })).map(([word, number]) => `${word} ${number}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("stage update technology python-1 experience_years=8", "commit -m x", "push 1 all"),
  },
  { weight: 1, arbitrary: typed },
);
const person = fc.constantFrom(...Object.values(people));

export type SlackInput =
  | { kind: "command"; userId: string; text: string }
  | { kind: "click"; userId: string; action_id: string; value: string; isEphemeral: boolean }
  | { kind: "payload"; payload: unknown }
  | { kind: "bytes"; contentType: string; body: string };

const button = fc.oneof(
  fc
    .tuple(fc.constantFrom(...buttonActions), fc.integer({ min: 1, max: 4 }), fc.constantFrom(undefined, "d1cv", "all"))
    .map(([action, number, target]) => encodeButton(action, { number, ...(target === undefined ? {} : { target }) })),
  fc
    .tuple(fc.constantFrom("go" as const, "do" as const), line)
    .map(([click, text]) => ({ action_id: click, value: commandButton(click, "x", text).value ?? "" })),
  fc.record({ action_id: typed, value: typed }),
);

export const slackInput: fc.Arbitrary<SlackInput> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("command" as const), userId: person, text: line }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(person, button, fc.boolean())
      .map(([userId, drawn, isEphemeral]) => ({ kind: "click" as const, userId, ...drawn, isEphemeral })),
  },
  { weight: 4, arbitrary: near(documented).map((payload) => ({ kind: "payload" as const, payload })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bytes" as const),
      contentType: fc.constantFrom("application/json", form, "text/plain", "multipart/form-data", ""),
      body: fc.oneof(
        typed,
        typed.map((text) => `payload=${text}`),
        typed.map((text) => `command=/cv&text=${text}`),
      ),
    }),
  },
);
