/** Sentences of which several refusals are made. */
import { type Message, type Part, clipLine, code, message, next, person } from "../../message.ts";
import type { Role } from "../../../domain/workspace/roles.ts";
import type { Step } from "../../step.ts";
import { allOf, anyOf, commas, unstopped } from "../grammar.ts";

/** hint({ to: "commits" }, "lists them") */
export const hint = (step: Step, does: string): Part => next(step, (how) => message`${how} ${does}.`);

export const example = (step: Step): Part => next(step, (how) => message`For example ${how}.`);

/** Whom to ask. */
export const ask = (userIds: readonly string[], role: Role = "approver"): Message =>
  userIds.length > 0
    ? message`Ask ${anyOf(userIds.map(person))}.`
    : message`Nobody may: an admin has to give somebody the role.${hint({ to: "give_role", role }, "gives it")}`;

interface Unknown {
  suggestion: string | null;
  allowed: readonly string[];
}

/** What was probably meant, or what there is. */
export const unknownName = (what: string, { suggestion, allowed }: Unknown): Message => {
  if (suggestion !== null) return message` Did you mean ${code(suggestion, 40)}?`;
  if (allowed.length === 0) return [];
  return message` ${what}: ${commas(allowed.map((name) => code(name, 40)))}.`;
};

export const targets = (names: readonly string[]): Message => allOf(names.map((name) => clipLine(name, 80)));

/** "d1cv answered 503; ai-agent did not answer" */
export const targetProblems = (problems: readonly { target: string; message: string }[]): Message =>
  problems.flatMap(
    ({ target, message: said }, index) => message`${index === 0 ? "" : "; "}${target} ${unstopped(said)}`,
  );

export const tooLong = (what: string, { length, maxLength }: { length: number; maxLength: number }): Message =>
  message`${what} has ${length} characters; it may have at most ${maxLength}.`;
