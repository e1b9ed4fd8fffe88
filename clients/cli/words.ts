/** Lines about what the API shows. What they are made of is escaped already. */
import type { ApiChange, ApiCommit, ApiJob, ApiPush } from "../../shared/contract/resources.ts";
import type { ApiEvent } from "../../shared/contract/event.ts";
import { eventMessage } from "../../shared/messages/en/events.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import type { FieldValue } from "../../shared/domain/portfolio/entity.ts";
import type { Paint } from "./output.ts";

/** "2026-11-28 09:30:05" in UTC, as everywhere. */
export const moment = (iso: string): string => iso.slice(0, 19).replace("T", " ");

const valueWords = (value: FieldValue | undefined): string => {
  if (value === null || value === undefined) return "empty";
  return Array.isArray(value) ? value.join(", ") : String(value);
};

const signs = { CREATE: "+", UPDATE: "~", DELETE: "-" } as const;

type Diffed = Pick<ApiChange, "action" | "entityType" | "entityId" | "diff"> & { name?: string };

/** A change field by field. */
export const diffLines = ({ action, entityType, entityId, name, diff }: Diffed, paint: Paint): string[] => [
  paint(
    "bold",
    `${signs[action]} ${entityType} ${name ?? entityId}${name === undefined || name === entityId ? "" : ` (${entityId})`}`,
  ),
  ...diff.flatMap(({ field, before, after }) => [
    ...(action === "CREATE" ? [] : [paint("red", `  - ${field}: ${valueWords(before)}`)]),
    ...(action === "DELETE" ? [] : [paint("green", `  + ${field}: ${valueWords(after)}`)]),
  ]),
];

export const changeLine = ({ number, summary, targets, author }: ApiChange): string =>
  `${String(number).padStart(4)}  ${summary}  [${targets.join(", ")}]  by ${author}`;

const reviewColour = {
  approved: "green",
  rejected: "red",
  in_review: "yellow",
  draft: "dim",
  dropped: "dim",
  reopened: "dim",
} as const;

export const reviewWords = ({ review, status }: ApiCommit, paint: Paint): string => {
  const words = paint(reviewColour[review], review.replaceAll("_", " "));
  return status === "pending"
    ? words
    : `${words}, ${status === "failed" ? paint("red", status) : status.replaceAll("_", " ")}`;
};

export const commitLine = (commit: ApiCommit, paint: Paint): string =>
  `${paint("bold", `#${commit.number}`)}  ${commit.message}  (${reviewWords(commit, paint)})  by ${commit.author}, ${moment(commit.createdAt)}`;

const resultWords = ({ result }: ApiJob): string => {
  if (!result) return "";
  const counts = [
    [result.inserted, "added"],
    [result.updated, "changed"],
    [result.deleted, "removed"],
  ] as const;
  const words = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return words.length > 0 ? ` (${words.join(", ")})` : "";
};

const jobColour = {
  pending: "dim",
  processing: "cyan",
  completed: "green",
  failed: "red",
  timeout: "yellow",
  cancelled: "dim",
} as const;

/** "d1cv: applied, verified (1 changed)" */
export const jobLine = (job: ApiJob, paint: Paint): string => {
  const since = job.waitingSince === null ? "" : `, waits for the target since ${moment(job.waitingSince)}`;
  const facts = {
    pending: job.dispatchedAt === null ? "waits" : `sent${since}`,
    processing: `${job.stage ?? "accepted"}, ${job.percent} %`,
    completed: `applied${job.searchableAt === null ? "" : ", searchable"}${job.verifiedAt === null ? "" : ", verified"}${resultWords(job)}`,
    failed: `failed: ${job.error?.message ?? "it did not say why"}`,
    timeout: `outcome unknown, it is asked: ${job.error?.message ?? "no answer"}`,
    cancelled: "cancelled",
  } as const;
  const attempt = job.attempt > 1 ? ` (attempt ${job.attempt})` : "";
  return `${job.target}${attempt}: ${paint(jobColour[job.state], facts[job.state])}`;
};

export const pushLines = (push: ApiPush, paint: Paint): string[] => [
  `Push #${push.number} of commit #${push.commit} to ${push.jobs.map(({ target }) => target).join(", then ")}: ${push.state}, ${push.percent} %  by ${push.requestedBy}, ${moment(push.createdAt)}`,
  ...push.jobs.map((job) => `  ${jobLine(job, paint)}`),
];

/** "2026-11-28 09:30:05  d1cv applied commit #7: 1 changed" */
export const eventLine = (event: ApiEvent, paint: Paint): string =>
  `${paint("dim", moment(event.at))}  ${plainText(eventMessage(event), { moment, strong: (text) => paint("bold", text) })}`;
