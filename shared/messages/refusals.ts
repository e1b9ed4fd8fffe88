/** What a language says of every refusal. */
import type { RefusalCode, RefusalMembers } from "../contract/refusals.ts";
import type { Message } from "./message.ts";

export type RefusalMessages = {
  readonly [Code in RefusalCode]: {
    /** The same for all refusals with the code, as a heading. */
    title: string;
    /** What was wrong, which rule, what to do. */
    detail: (refusal: RefusalMembers<Code>) => Message;
  };
};
