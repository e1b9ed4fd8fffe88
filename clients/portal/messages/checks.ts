/** What stands between a commit and its push, a line a gate. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import * as z from "zod/mini";
import type { Check } from "../data/queries.ts";
import { hasPassed } from "../../../shared/domain/commits/checks.ts";
import { allOf, anyOf } from "./format.ts";

// Taken apart, the module would be bundled whole.
const otherwise = z.catch;

/** Of every gate what it may say; which of it, its name tells. Nothing is taken for granted about a newer server. */
const about = z.object({
  changes: otherwise(z.number(), 0),
  closed: otherwise(z.nullable(z.string()), null),
  review: otherwise(z.string(), ""),
  given: otherwise(z.array(z.string()), []),
  needed: otherwise(z.number(), 1),
  readerRole: otherwise(z.string(), "viewer"),
  target: otherwise(z.nullable(z.string()), null),
  error: otherwise(z.nullable(z.string()), null),
  problem: otherwise(z.nullable(z.string()), null),
  downSince: otherwise(z.nullable(z.string()), null),
  drifts: otherwise(z.array(z.object({ name: z.string(), kind: z.string(), fields: z.array(z.string()) })), []),
  applied: otherwise(z.array(z.string()), []),
});
type About = z.infer<typeof about>;

/** With who can clear it, where it is shut. */
export const checkLine = (check: Check, nameOf: (userId: string) => string): string => {
  const who = hasPassed(check) ? "" : clearing(check, nameOf);
  return `${checkText(check, about.parse(check.about), nameOf)}${who === "" ? "" : ` ${who}`}`;
};

const clearing = ({ who, role, name }: Check, nameOf: (userId: string) => string): string => {
  if (who.length === 0 && role === null) return "";
  const people = who.length > 0 ? anyOf(who.map(nameOf)) : `${role === "viewer" ? "a" : "an"} ${role}`;
  if (name === "permission") return `Ask ${people}.`;
  const starting = `${people.slice(0, 1).toUpperCase()}${people.slice(1)}`;
  return `${starting}${who.length > 0 && role === "admin" ? " or an admin" : ""} can clear it.`;
};

const checkText = (check: Check, said: About, nameOf: (userId: string) => string): string => {
  const isOpen = check.state === "open";
  const target = said.target ?? "the target";
  switch (check.name) {
    case "content":
      if (said.closed) return `The commit was ${said.closed}, so there is nothing to push.`;
      return isOpen ? `It has ${plural(said.changes, "change")}.` : "Its changes come to nothing.";
    case "review":
      if (said.review === "draft") return "It is a draft: nobody has been asked for review.";
      if (said.review === "rejected") return "It was rejected.";
      return isOpen ? "Review was asked for." : `It was ${said.review}.`;
    case "approvals": {
      const by = said.given.length > 0 ? ` by ${allOf(said.given.map(nameOf))}` : "";
      if (isOpen) return `Approved${by}.`;
      const count = `${said.given.length} of ${plural(said.needed, "approval")}${by}.`;
      return check.who.length > 0 ? count : `${count} Nobody can approve it: somebody needs the role of approver.`;
    }
    case "permission":
      return isOpen ? "You may push." : `Only approvers may push; your role is ${said.readerRole}.`;
    case "no_push_on_its_way":
      return said.target === null ? "No push is on its way." : `A push is on its way to ${said.target}.`;
    case "last_outcome":
      if (said.target === null) return "No push of it has failed.";
      return `${check.state === "unknown" ? "It is not known what became of the last push to" : "The last push failed at"} ${said.target}${said.error ? `: ${said.error.replace(/\.$/, "")}` : ""}.`;
    case "reachable":
      if (said.problem === null && said.downSince === null) return `${target} answers.`;
      return `${target} ${said.problem?.replace(/\.$/, "") ?? "answers, but takes no pushes"}. A push would wait for it and go on by itself.`;
    case "no_drift":
      if (isOpen) return `Nobody has changed its rows at ${target}.`;
      if (check.state === "note")
        return `Whether somebody has changed its rows at ${target} is not known; a push looks again.`;
      return `${target} has changed under it: ${said.drifts.map(driftWords).join("; ")}.`;
    case "not_applied":
      if (!isOpen) return `It is applied to ${allOf(said.applied)}: nothing is left to push.`;
      return said.applied.length === 0 ? "It is not applied yet." : `It is applied to ${allOf(said.applied)} so far.`;
    default:
      return check.name.replaceAll("_", " ");
  }
};

const driftWords = ({ name, kind, fields }: About["drifts"][number]): string => {
  if (kind === "gone") return `${name} is gone`;
  if (kind === "not_yet") return `${name} is not there until the commit that makes it is pushed`;
  return `${name} has another ${allOf(fields)}`;
};
