/** What stands before a push: a sentence or two a check, and who can help. */
import type { Check } from "../../domain/commits/checks.ts";
import { hasPassed } from "../../domain/commits/checks.ts";
import { type Message, message, moment, next, person, quoted } from "../message.ts";
import { voidText } from "./approvals.ts";
import { type ConflictFacts, conflictList } from "./conflicts.ts";
import { oversizedMessage } from "./sizes.ts";
import { type Superseding, supersedingList } from "./superseding.ts";
import { allOf, anyOf, capital, plural, unstopped, withArticle } from "./grammar.ts";

/** A check, of this version or of another: what it does not say is left out. */
export interface CheckFacts extends Pick<Check, "state" | "who" | "role"> {
  name: string;
  command?: string | null;
  changes?: number | undefined;
  closed?: string | null | undefined;
  review?: string | undefined;
  given?: readonly string[] | undefined;
  needed?: number | undefined;
  voided?: readonly { userId: string; because: string }[] | undefined;
  readerRole?: string | undefined;
  target?: string | null | undefined;
  since?: string | null | undefined;
  error?: string | null | undefined;
  refusedSize?: boolean | undefined;
  problem?: string | null | undefined;
  downSince?: string | null | undefined;
  conflicts?: readonly ConflictFacts[] | undefined;
  count?: number | undefined;
  by?: readonly Superseding[] | undefined;
  isOnItsWay?: boolean | undefined;
  oversized?: readonly { target: string; bytes: number }[] | undefined;
  applied?: readonly string[] | undefined;
}

/** With who can help, where it has not passed. */
export const checkMessage = (check: CheckFacts): Message => {
  const known: Readonly<Record<string, (check: CheckFacts) => Message>> = checks;
  const said = Object.hasOwn(known, check.name) ? known[check.name] : undefined;
  return [...(said?.(check) ?? [check.name.replaceAll("_", " ")]), ...(hasPassed(check) ? [] : help(check))];
};

const help = ({ name, who, role, command }: CheckFacts): Message => {
  if (who.length === 0 && role === null) return [];
  const people = who.length > 0 ? anyOf(who.map(person)) : message`${withArticle(role ?? "")}`;
  if (name === "permission") return message` Ask ${people}.`;
  const orAdmin = who.length > 0 && role === "admin" ? " or an admin" : "";
  const how = command ? next({ to: "command", command }, (step) => message`The command is ${step}.`) : "";
  return message` ${capital(people)}${orAdmin} can change that.${how}`;
};

const checks: Record<Check["name"], (check: CheckFacts) => Message> = {
  content: ({ state, closed, changes = 0 }) => {
    if (closed) return message`The commit was ${closed}, so there is nothing to push.`;
    return state === "open"
      ? message`The commit has ${plural(changes, "change")}.`
      : message`The changes of the commit cancel each other out.`;
  },
  review: ({ state, review = "" }) => {
    if (review === "draft") return message`The commit is a draft: nobody was asked for a review.`;
    if (review === "rejected") return message`The commit was rejected.`;
    return state === "open" ? message`A review was requested.` : message`The commit was ${review}.`;
  },
  approvals: ({ state, given = [], needed = 1, voided = [], who }) => {
    const by = given.length > 0 ? message` by ${allOf(given.map(person))}` : "";
    if (state === "open") return message`The commit is approved${by}.`;
    const lost = voided.slice(0, 3).flatMap(({ userId, because }) => message` ${person(userId)} ${voidText(because)}.`);
    const count = message`The commit has ${given.length} of ${plural(needed, "approval")}${by}.${lost}`;
    return who.length > 0 ? count : message`${count} Nobody can approve it: somebody needs the role of approver.`;
  },
  permission: ({ state, readerRole = "viewer" }) =>
    state === "open" ? message`You may push.` : message`Only approvers may push; your role is ${readerRole}.`,
  no_push_on_its_way: ({ target, since }) =>
    target
      ? message`A push to ${target} is in progress${since ? message` since ${moment(since)}` : ""}.`
      : message`No push is in progress.`,
  last_outcome: ({ state, target, error, refusedSize = false }) => {
    if (!target) return message`No push of the commit has failed.`;
    const because = error ? message`: ${quoted(unstopped(error), 300)}` : "";
    if (refusedSize)
      return message`${target} has refused the commit as too large, and would again${because}. Smaller parts of it may fit.`;
    return state === "unknown"
      ? message`The outcome of the last push to ${target} is unknown${because}.`
      : message`The last push to ${target} failed${because}.`;
  },
  reachable: ({ target, problem = null, downSince = null }) => {
    const name = target ?? "The target";
    if (problem === null && downSince === null) return message`${name} answers.`;
    const since = downSince === null ? "" : message` (pushes wait since ${moment(downSince)})`;
    return message`${name} ${problem === null ? "answers, but accepts no pushes" : unstopped(problem)}${since}. A push would wait for it, and continue by itself.`;
  },
  no_drift: ({ state, target, conflicts = [], count = 0 }) => {
    const name = target ?? "the target";
    if (state === "open") return message`Nobody has changed the rows at ${name} since.`;
    if (state === "note")
      return message`It is unknown whether somebody has changed the rows at ${name} since; a push checks again.`;
    return message`${name} has changed since:${conflictList(conflicts, count)}`;
  },
  not_superseded: ({ state, by = [], isOnItsWay = false }) => {
    if (state === "open") return message`No newer commit has been applied to the same rows.`;
    return isOnItsWay
      ? message`Newer commits are on their way to the same rows:${supersedingList(by)}`
      : message`Newer commits have been applied to the same rows:${supersedingList(by)}`;
  },
  fits: ({ state, oversized = [] }) =>
    state === "open"
      ? message`The commit fits into one push.`
      : message`The commit is too large for one push: ${oversizedMessage(oversized)}.`,
  not_applied: ({ state, applied = [] }) => {
    if (state !== "open") return message`The commit is applied to ${allOf(applied)}: nothing is left to push.`;
    return applied.length === 0
      ? message`The commit is not applied yet.`
      : message`The commit is applied to ${allOf(applied)} so far.`;
  },
};
