/** What a new user does, from the first staged change to a verified push. */
import type { Message } from "../client-protocol.ts";
import type { Person } from "./person.ts";
import { buttonsOf, renderMessage } from "./render-message.ts";

const targets = ["d1cv", "ai-agent"];

export interface Ending {
  /** Texts of the push's messages, the parent first, as they stand in the end. */
  thread: string[];
  /** Reply to `/cv show 1` after the push. */
  commit: string;
  /** First lines of what stands in the channel for everyone, replies in threads left out. */
  cards: string[];
}

export const printStory = async (avery: Person, priya: Person, afterStep: () => void): Promise<Ending> => {
  /** Types a line and waits for a reply that says what it should. */
  const says = async (who: Person, line: string, expected: RegExp): Promise<string> => {
    const before = new Set(who.messages().map(contentOf));
    await who.type(line);
    const reply = await who.sees(`a reply with ${expected} to ${line}`, () =>
      who
        .messages()
        .filter((message) => !before.has(contentOf(message)))
        .map(textOf)
        .find((text) => expected.test(text)),
    );
    afterStep();
    return reply;
  };

  await says(avery, "/cv stage update technology python-1 experience_years=8", /5 → 8/);
  await says(avery, "/cv stage create technology name=Rust experience_years=1 category=Backend", /Rust/);
  await says(avery, "/cv stage delete technology jquery-1", /jQuery/);
  await says(avery, "/cv staged", /Python[^]*Rust[^]*jQuery/);
  await says(avery, "/cv diff", /Python[^]*Rust[^]*jQuery/);
  await says(avery, '/cv commit -m "Skill updates"', /Skill updates/);

  await priya.sees("a card with an Approve button", () => withButton(priya, "Approve"));
  await priya.press("Approve");
  await priya.sees(
    "the card without its Approve button",
    () => withButton(priya, "Approve") === undefined || undefined,
  );
  afterStep();

  const beforePush = new Set(priya.messages().map(({ ts }) => ts));
  await priya.type("/cv push 1 all");
  const thread = await priya.sees("a push that ends with verified", () => {
    const messages = priya.messages().filter(({ ts, ephemeral_for }) => !beforePush.has(ts) && ephemeral_for === null);
    return isVerified(messages) ? messages.map(textOf) : undefined;
  });
  afterStep();

  const commit = await says(priya, "/cv show 1", /Skill updates/);
  const cards = priya
    .messages()
    .filter(({ thread_ts, ephemeral_for }) => thread_ts === null && ephemeral_for === null)
    .map((message) => textOf(message).split("\n", 1).join());
  return { thread, commit, cards };
};

/** The card in the channel says so, and each target has a reply of its own in the thread that says so. */
const isVerified = (messages: Message[]): boolean => {
  const cards = messages.filter(({ thread_ts }) => thread_ts === null).map(textOf);
  const replies = messages.filter(({ thread_ts }) => thread_ts !== null).map(textOf);
  return (
    cards.some((text) => /\bverified\b/i.test(text) && !/not verified/i.test(text)) &&
    targets.every((target) => replies.some((text) => text.startsWith(target) && /\bverified\b/i.test(text)))
  );
};

const withButton = (person: Person, label: string): Message | undefined =>
  person.messages().find((message) => buttonsOf(message).some((button) => button.label === label));

const textOf = (message: Message): string => renderMessage(message, (id) => id).join("\n");

const contentOf = (message: Message): string => `${message.ts} ${textOf(message)}`;
