/** Users of the local workspace: they type and click, and read messages in the local Slack. */
import type { TestContext } from "vitest";
import { type FirstName, memberCalled, nameOf } from "../../tools/playground/cast.ts";
import type { Delivery, Message } from "../../tools/playground/client-protocol.ts";
import { type Person, joinAs } from "../../tools/playground/demo/person.ts";
import { buttonsOf, renderMessage } from "../../tools/playground/demo/render-message.ts";
import { createTranscript, printEntry } from "../../tools/playground/demo/transcript.ts";
import type { StoryStack } from "./stack.ts";

export const channels = ["C0PORTFOL1", "C0GENERAL1"] as const;

interface Where {
  channel?: (typeof channels)[number];
  withinMs?: number;
}

export const textOf = (message: Message): string => renderMessage(message, nameOf).join("\n");

/** A part of a text, or a pattern that matches it. */
type Expected = string | RegExp;

const says = (text: string, expected: Expected): boolean =>
  typeof expected === "string" ? text.includes(expected) : expected.test(text);

export interface Teammate extends Person {
  /** Types a line and waits for the private reply. Rejects when no reply matches. */
  asks: (line: string, expected: Expected) => Promise<string>;
  /** Presses a button on the newest message whose text matches. */
  presses: (label: string, on: Expected) => Promise<void>;
  /** Waits for a public message whose text matches; returns the newest. */
  reads: (expected: Expected) => Promise<string>;
  /** Waits for a matching reply in the thread of the commit's newest push; returns the newest. */
  readsInThread: (commit: number, expected: Expected) => Promise<string>;
  /** The texts of public messages, oldest first. */
  everything: () => string[];
}

/** Creates a user for one story. A failed story prints the user's actions and messages. */
export const join = async (
  test: TestContext,
  stack: StoryStack,
  name: FirstName,
  where: Where = {},
): Promise<Teammate> => {
  const { channel = channels[0], withinMs = 90_000 } = where;
  const transcript = createTranscript(nameOf);
  const deadline = AbortSignal.timeout(withinMs);
  const person = await joinAs({ url: stack.url, channel, transcript, deadline }, memberCalled(name));
  test.onTestFinished(() => person.leave());
  test.onTestFailed(() => {
    console.error(
      `What ${name} did and saw:\n${transcript.entries.map(printEntry).join("\n")}\n\nThe stack's log:\n${stack.tail()}`,
    );
  });
  const shown = (): Message[] => person.messages().filter(({ ephemeral_for }) => ephemeral_for === null);
  return {
    ...person,
    asks: async (line, expected) => {
      const before = new Set(person.messages().map(contentOf));
      await person.type(line);
      return person.sees(`a reply with ${expected} to ${line}`, () =>
        person
          .messages()
          .filter((message) => message.ephemeral_for === person.id && !before.has(contentOf(message)))
          .map(textOf)
          .find((text) => says(text, expected)),
      );
    },
    presses: async (label, on) => {
      const found = shown()
        .toReversed()
        .filter((message) => says(textOf(message), on))
        .flatMap((message) => buttonsOf(message).map((button) => ({ message, ...button })))
        .find((button) => button.label === label);
      if (!found) throw new Error(`${name} sees no button "${label}" on a message like ${on}`);
      const { message, blockId, actionId } = found;
      const response = await fetch(`${stack.url}/playground/client/action`, {
        method: "POST",
        body: JSON.stringify({
          as: person.id,
          container: { type: "message", channel: message.channel, ts: message.ts },
          blockId,
          actionId,
        }),
      });
      const delivery: Delivery = JSON.parse(await response.text());
      if (!delivery.ok) throw new Error(`${name}'s click on ${label} failed: ${delivery.error}`);
    },
    reads: (expected) =>
      person.sees(`a message with ${expected}`, () =>
        shown()
          .map(textOf)
          .findLast((text) => says(text, expected)),
      ),
    readsInThread: (commit, expected) =>
      person.sees(`a reply with ${expected} in the thread of commit ${commit}`, () => {
        const push = shown().findLast((message) =>
          new RegExp(`^Push #\\d+ {2}commit #${commit} `).test(textOf(message)),
        );
        const replies = shown().filter(({ ts, thread_ts }) => thread_ts === push?.ts && ts !== thread_ts);
        return push && replies.map(textOf).findLast((text) => says(text, expected));
      }),
    everything: () => shown().map(textOf),
  };
};

const contentOf = (message: Message): string => `${message.ts} ${textOf(message)}`;
