/** Each gate between a commit and its push as one line: an icon, what is so, and who can clear it. */
import { capital, plural, withArticle } from "../../../shared/messages/en/grammar.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import type { Check } from "../../../shared/domain/commits/checks.ts";
import { anyOf, mention, moment, quoted } from "../blocks/text.ts";

const icons = {
  open: ":white_check_mark:",
  blocked: ":no_entry:",
  unknown: ":grey_question:",
  note: ":hourglass:",
} as const;

export const checkLine = (check: Check): string => {
  const next = check.state === "open" ? "" : clearing(check);
  // That all of it is applied closes the way to another push, and is good news.
  const icon = check.name === "not_applied" ? icons.open : icons[check.state];
  return `${icon} ${checkText(check)}${next === "" ? "" : ` ${next}`}`;
};

const clearing = ({ who, role, command, name }: Check): string => {
  const people = who.length > 0 ? anyOf(who) : role ? plainText(capital([withArticle(role)])) : "";
  if (people === "") return "";
  if (name === "permission") return `Ask ${people}.`;
  const orRole = who.length > 0 && role === "admin" ? " or an admin" : "";
  return command ? `${people}${orRole} can clear it: \`/cv ${command}\`.` : `${people}${orRole} can help.`;
};

const checkText = (check: Check): string => {
  switch (check.name) {
    case "content":
      if (check.closed) return `The commit was ${check.closed}, so there is nothing to push.`;
      return check.state === "open" ? `It has ${plural(check.changes, "change")}.` : "Its changes come to nothing.";
    case "review":
      if (check.review === "draft") return "It is a draft: nobody has been asked for review.";
      if (check.review === "rejected") return "It was rejected.";
      return check.state === "open" ? "Review was asked for." : `It was ${check.review}.`;
    case "approvals":
      return approvalWords(check);
    case "permission":
      return check.state === "open" ? "You may push." : `Only approvers may push; your role is ${check.readerRole}.`;
    case "no_push_on_its_way":
      if (check.target === null) return "No push is on its way.";
      return `A push is on its way to ${quoted(check.target)}${check.since ? ` since ${moment(check.since)}` : ""}.`;
    case "last_outcome": {
      if (check.target === null) return "No push of it has failed.";
      const what =
        check.state === "unknown" ? "It is not known what became of the last push to" : "The last push failed at";
      return `${what} ${quoted(check.target)}${check.error ? `: ${quoted(check.error).replace(/\.$/, "")}` : ""}.`;
    }
    case "reachable":
      return reachableWords(check);
    case "no_drift":
      return driftWords(check);
    case "not_applied":
      if (check.state === "blocked")
        return `It is applied to ${check.applied.map((name) => quoted(name)).join(" and ")}: nothing is left to push.`;
      return check.applied.length === 0
        ? "It is not applied yet."
        : `It is applied to ${check.applied.map((name) => quoted(name)).join(" and ")} so far.`;
  }
};

const reachableWords = ({ target, problem, downSince }: Extract<Check, { name: "reachable" }>): string => {
  const name = quoted(target);
  if (problem === null && downSince === null) return `${name} answers.`;
  const what = problem === null ? "answers, but takes no pushes" : quoted(problem).replace(/\.$/, "");
  const since = downSince ? ` (pushes wait since ${moment(downSince)})` : "";
  return `${name} ${what}${since}. A push would wait for it and go on by itself.`;
};

const approvalWords = ({ state, given, needed, who }: Extract<Check, { name: "approvals" }>): string => {
  const by = given.length > 0 ? ` by ${given.map(mention).join(", ")}` : "";
  if (state === "open") return `Approved${by}.`;
  const count = `${given.length} of ${plural(needed, "approval")}${by}.`;
  return who.length > 0
    ? count
    : `${count} Nobody can approve it: somebody has to be given the role of approver, or \`/cv settings mode solo\` chosen.`;
};

const driftWords = ({ state, target, drifts }: Extract<Check, { name: "no_drift" }>): string => {
  if (state === "open") return `Nobody has changed its rows at ${quoted(target)}.`;
  if (state === "note")
    return `Whether somebody has changed its rows at ${quoted(target)} is not known; a push looks again.`;
  const rows = drifts.slice(0, 5).map(({ name, kind, fields }) => {
    if (kind === "gone") return `*${quoted(name)}* is gone`;
    if (kind === "not_yet") return `*${quoted(name)}* is not there until the commit that makes it is pushed`;
    return `*${quoted(name)}* has another ${fields.map((field) => `\`${quoted(field, 40)}\``).join(", ")}`;
  });
  const more = drifts.length > 5 ? `; and ${drifts.length - 5} more` : "";
  return `${quoted(target)} has changed under it: ${rows.join("; ")}${more}.`;
};
