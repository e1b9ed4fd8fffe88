/** Lines about what the API shows. What they are made of is escaped already. */
import type {
  ApiChange,
  ApiCommit,
  ApiCommitDetail,
  ApiListedCommit,
  ApiStagedChange,
  ApiJob,
  ApiOperation,
  ApiPush,
} from "../../shared/contract/resources.ts";
import type { ApiEvent } from "../../shared/contract/event.ts";
import { isStoppedJob } from "../../shared/domain/states.ts";
import { cancelledMessage, sizeText, summaryText, wroteMessage } from "../../shared/messages/en/commits.ts";
import { countsMessage } from "../../shared/messages/en/counts.ts";
import { overlapMessages, overlapsText } from "../../shared/messages/en/overlaps.ts";
import { eventMessage } from "../../shared/messages/en/events.ts";
import { jobProgress } from "../../shared/messages/en/jobs.ts";
import { conflictNote, pushState, reviewState } from "../../shared/messages/en/states.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import type { FieldValue } from "../../shared/domain/portfolio/entity.ts";
import { diffItems } from "../../shared/domain/staging/diff-items.ts";
import type { Piece } from "../../shared/domain/staging/diff-words.ts";
import { itemText, valueText } from "../../shared/domain/staging/list-text.ts";
import { plural } from "../../shared/messages/en/grammar.ts";
import type { Paint } from "./output.ts";

/** "2026-11-28 09:30:05" in UTC, as everywhere. */
export const moment = (iso: string): string => iso.slice(0, 19).replace("T", " ");

/** A line for each, or the sentence that stands in for none. */
export const linesOf = <T>(items: readonly T[], line: (item: T) => string, none: string): string[] =>
  items.length === 0 ? [none] : items.map((item) => line(item));

const shownValue = (value: FieldValue): string => valueText(value) || "empty";

/** A list item by item: `- jQuery`, `+ Rust`, and how many stay. */
const itemLines = (field: string, items: readonly Piece[], paint: Paint): string[] => {
  const same = items.filter(({ is }) => is === "same").length;
  return [
    `  ${field}:${same > 0 ? ` ${plural(same, "item")} as before` : ""}`,
    ...items.flatMap(({ text, is }) => {
      if (is === "same") return [];
      return [is === "removed" ? paint("red", `    - ${itemText(text)}`) : paint("green", `    + ${itemText(text)}`)];
    }),
  ];
};

const fieldLines = (
  { action, base }: ApiOperation,
  { field, before, after }: ApiOperation["diff"][number],
  paint: Paint,
): string[] => {
  const isUnknown = action === "UPDATE" && base !== "row";
  const items = isUnknown ? null : diffItems(before, after);
  if (items) return itemLines(field, items, paint);
  return [
    ...(action === "CREATE" ? [] : [paint("red", `  - ${field}: ${isUnknown ? "unknown" : shownValue(before)}`)]),
    ...(action === "DELETE" ? [] : [paint("green", `  + ${field}: ${shownValue(after)}`)]),
  ];
};

const signs = { CREATE: "+", UPDATE: "~", DELETE: "-" } as const;

/** An operation field by field. @param all every target of what it is a part of */
const operationLines = (operation: ApiOperation, all: readonly string[], paint: Paint): string[] => {
  const { action, entityType, entityId, name, targets, diff } = operation;
  const place = targets.length < all.length ? ` at ${targets.join(", ")}` : "";
  return [
    paint("bold", `${signs[action]} ${entityType} ${name}${name === entityId ? "" : ` (${entityId})`}${place}`),
    ...diff.flatMap((each) => fieldLines(operation, each, paint)),
  ];
};

const wroteLine = (author: string, words: string): string => plainText(wroteMessage(author, words, 500));

/** A staged change field by field, and what its author wrote about it. */
export const diffLines = ({ operations, targets, author, note }: ApiChange, paint: Paint): string[] => [
  ...operations.flatMap((each) => operationLines(each, targets, paint)),
  ...(note === null ? [] : [`  ${wroteLine(author, note)}`]),
];

type Sized = Pick<ApiCommitDetail, "operations" | "rowCount" | "changes" | "cancelled" | "targets">;

/** What a commit does, field by field. */
export const commitDiffLines = (
  { operations, rowCount, changes, cancelled, targets }: Sized,
  paint: Paint,
): string[] => {
  const names = targets.map(({ target }) => target);
  return [
    ...operations.flatMap((each) => operationLines(each, names, paint)),
    ...cancelled.map((row) => plainText(cancelledMessage(row))),
    sizeText(rowCount, changes.length),
  ];
};

/** The author's words about a commit and its changes. */
export const commitWordsLines = ({ author, message, changes }: ApiCommitDetail): string[] => [
  wroteLine(author, message),
  ...changes.flatMap((each) =>
    each.note === null ? [] : [`  about change ${each.number}: ${wroteLine(each.author, each.note)}`],
  ),
];

/** Who else is about to change the same rows. */
export const overlapLines = ({ overlaps }: Pick<ApiStagedChange, "overlaps">, paint: Paint): string[] =>
  overlapMessages(overlaps, { person: (name) => name }).map((each) => paint("yellow", plainText(each)));

export const changeLine = ({ number, summary, targets, author, note }: ApiChange): string =>
  `${String(number).padStart(4)}  ${summary}  [${targets.join(", ")}]  ${note === null ? `by ${author}` : wroteLine(author, note)}`;

const reviewColour = {
  approved: "green",
  rejected: "red",
  in_review: "yellow",
  draft: "dim",
  dropped: "dim",
  reopened: "dim",
} as const;

export const reviewText = (commit: ApiCommit, paint: Paint): string => {
  const { review, status } = commit;
  const note = conflictNote(commit);
  const text = paint(reviewColour[review], reviewState(review));
  const applied = status === "failed" ? paint("red", status) : status.replaceAll("_", " ");
  return `${text}${status === "pending" ? "" : `, ${applied}`}${note === "" ? "" : paint("red", note)}`;
};

/** "; overlaps with commit #5" */
const overlapNote = (overlaps: ApiListedCommit["overlaps"]): string =>
  overlaps.length === 0 ? "" : `; ${plainText(overlapsText(overlaps))}`;

export const commitLine = (commit: ApiCommit | ApiListedCommit, paint: Paint): string =>
  `${paint("bold", `#${commit.number}`)}  ${summaryText(commit.summary)}  (${reviewText(commit, paint)}${overlapNote("overlaps" in commit ? commit.overlaps : [])})  ${wroteLine(commit.author, commit.message)}, ${moment(commit.createdAt)}`;

const jobColour = {
  pending: "dim",
  processing: "cyan",
  completed: "green",
  failed: "red",
  timeout: "yellow",
  cancelled: "dim",
} as const;

/** "d1cv: Applied, verified (1 changed)" */
export const jobLine = (job: ApiJob, paint: Paint): string => {
  const attempt = job.attempt > 1 ? ` (attempt ${job.attempt})` : "";
  const counts = plainText(countsMessage(job.result ?? {}));
  const facts = [
    plainText(jobProgress(job)),
    ...(job.error !== null && isStoppedJob(job) ? [`: ${job.error.message}`] : []),
    ...(job.waitingSince === null ? [] : [` since ${moment(job.waitingSince)}`]),
    ...(counts === "" ? [] : [` (${counts})`]),
  ];
  return `${job.target}${attempt}: ${paint(jobColour[job.state], facts.join(""))}`;
};

export const pushLines = (push: ApiPush, paint: Paint): string[] => [
  `Push #${push.number} of commit #${push.commit} to ${push.jobs.map(({ target }) => target).join(", then ")}: ${pushState(push.state)}, ${push.percent} %  by ${push.requestedBy}, ${moment(push.createdAt)}`,
  ...push.jobs.map((job) => `  ${jobLine(job, paint)}`),
];

/** "2026-11-28 09:30:05  d1cv applied commit #7: 1 changed" */
export const eventLine = (event: ApiEvent, paint: Paint): string =>
  `${paint("dim", moment(event.at))}  ${plainText(eventMessage(event), { moment, strong: (text) => paint("bold", text) })}`;
