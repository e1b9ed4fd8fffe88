import { type Message, code, message } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { allOf, plural, unstopped } from "../grammar.ts";
import { unknownName } from "./phrases.ts";

const ofUse = {
  request: "The request secret",
  webhook: "The webhook secret",
  read: "The read token",
} as const;

const numbered = (noun: string, numbers: readonly number[]): Message[] =>
  numbers.length === 0 ? [] : [[`${noun}${numbers.length === 1 ? "" : "s"} ${numbers.join(", ")}`]];

export const targetRefusals = {
  invalid_target_name: {
    title: "Invalid target name",
    detail: ({ typed }) =>
      message`${code(typed, 60)} cannot be a target's name: it has at most 40 characters of a-z, 0-9 and hyphens, and begins with no hyphen. ${code("all")} and ${code("both")} mean every target.`,
  },
  target_exists: {
    title: "Target exists",
    detail: ({ target }) => message`There is a target ${code(target)} already.`,
  },
  too_many_targets: {
    title: "Too many targets",
    detail: ({ max }) => message`A workspace has at most ${plural(max, "target")}. Remove one first.`,
  },
  portfolio_required: {
    title: "Portfolio required",
    detail: ({ maxLength }) =>
      message`Say by which id the target has this portfolio: 1 to ${maxLength} characters, for example ${code("noor-vega")}.`,
  },
  unknown_service: {
    title: "Unknown service",
    detail: (refusal) =>
      message`There is no service ${code(refusal.typed, 40)} here.${unknownName("Services", refusal)} Any other target has an address.`,
  },
  invalid_target_secret: {
    title: "Invalid secret",
    detail: ({ use }) =>
      use === "read"
        ? message`${ofUse.read} must have 8 to 200 characters without spaces.`
        : message`${ofUse[use]} must be ${code("whsec_")} followed by base64 of 24 to 64 bytes.`,
  },
  secrets_required: {
    title: "Secrets required",
    detail: () => message`Give a new secret: these are the ones that are used already.`,
  },
  target_not_proven: {
    title: "Target does not take the secrets",
    detail: ({ target, because, message: said }) =>
      because === "unreachable"
        ? message`${code(target)} ${unstopped(said ?? "gave no answer")}, so nothing was stored. Check its address, and that it runs.`
        : message`${code(target)} answers, but does not take ${because === "read" ? "the read token" : "a request signed with the request secret"}, so nothing was stored. Set the same one there first${because === "read" ? "" : ", and call it as it calls itself"}.`,
  },
  last_target: {
    title: "Last target",
    detail: ({ target }) =>
      message`${code(target, 40)} is the only target, and a workspace needs one. Add another one first.`,
  },
  target_in_use: {
    title: "Target in use",
    detail: ({ target, changes, commits }) =>
      message`${code(target)} still has to get ${allOf([...numbered("change", changes), ...numbered("commit", commits)])}. Push or drop them first.`,
  },
} satisfies Partial<RefusalMessages>;
