/** Each gate between a commit and its push as one line: an icon, what is so, and who can clear it. */
import type { Gate } from "../../../shared/domain/commits/checks.ts";
import { anyOf, mention, moment, plural, quoted } from "../blocks/text.ts";

const icons = {
  open: ":white_check_mark:",
  blocked: ":no_entry:",
  unknown: ":grey_question:",
  note: ":hourglass:",
} as const;

export const gateLine = (gate: Gate): string => {
  const next = gate.state === "open" ? "" : clearing(gate);
  // That all of it is applied closes the way to another push, and is good news.
  const icon = gate.name === "not_applied" ? icons.open : icons[gate.state];
  return `${icon} ${gateWords(gate)}${next === "" ? "" : ` ${next}`}`;
};

const clearing = ({ who, role, command, name }: Gate): string => {
  const people =
    who.length > 0
      ? anyOf(who)
      : role
        ? `${role === "editor" || role === "approver" || role === "admin" ? "An" : "A"} ${role}`
        : "";
  if (people === "") return "";
  if (name === "permission") return `Ask ${people}.`;
  const orRole = who.length > 0 && role === "admin" ? " or an admin" : "";
  return command ? `${people}${orRole} can clear it: \`/cv ${command}\`.` : `${people}${orRole} can help.`;
};

const gateWords = (gate: Gate): string => {
  switch (gate.name) {
    case "content":
      if (gate.closed) return `The commit was ${gate.closed}, so there is nothing to push.`;
      return gate.state === "open" ? `It has ${plural(gate.changes, "change")}.` : "Its changes come to nothing.";
    case "review":
      if (gate.review === "draft") return "It is a draft: nobody has been asked for review.";
      if (gate.review === "rejected") return "It was rejected.";
      return gate.state === "open" ? "Review was asked for." : `It was ${gate.review}.`;
    case "approvals":
      return approvalWords(gate);
    case "permission":
      return gate.state === "open" ? "You may push." : `Only approvers may push; your role is ${gate.readerRole}.`;
    case "no_push_on_its_way":
      if (gate.target === null) return "No push is on its way.";
      return `A push is on its way to ${quoted(gate.target)}${gate.since ? ` since ${moment(gate.since)}` : ""}.`;
    case "last_outcome": {
      if (gate.target === null) return "No push of it has failed.";
      const what =
        gate.state === "unknown" ? "It is not known what became of the last push to" : "The last push failed at";
      return `${what} ${quoted(gate.target)}${gate.error ? `: ${quoted(gate.error).replace(/\.$/, "")}` : ""}.`;
    }
    case "reachable":
      return reachableWords(gate);
    case "no_drift":
      return driftWords(gate);
    case "not_applied":
      if (gate.state === "blocked")
        return `It is applied to ${gate.applied.map((name) => quoted(name)).join(" and ")}: nothing is left to push.`;
      return gate.applied.length === 0
        ? "It is not applied yet."
        : `It is applied to ${gate.applied.map((name) => quoted(name)).join(" and ")} so far.`;
  }
};

const reachableWords = ({ target, problem, downSince }: Extract<Gate, { name: "reachable" }>): string => {
  const name = quoted(target);
  if (problem === null && downSince === null) return `${name} answers.`;
  const what = problem === null ? "answers, but takes no pushes" : quoted(problem).replace(/\.$/, "");
  const since = downSince ? ` (pushes wait since ${moment(downSince)})` : "";
  return `${name} ${what}${since}. A push would wait for it and go on by itself.`;
};

const approvalWords = ({ state, given, needed, who }: Extract<Gate, { name: "approvals" }>): string => {
  const by = given.length > 0 ? ` by ${given.map(mention).join(", ")}` : "";
  if (state === "open") return `Approved${by}.`;
  const count = `${given.length} of ${plural(needed, "approval")}${by}.`;
  return who.length > 0
    ? count
    : `${count} Nobody can approve it: somebody has to be given the role of approver, or \`/cv settings mode solo\` chosen.`;
};

const driftWords = ({ state, target, drifts }: Extract<Gate, { name: "no_drift" }>): string => {
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
