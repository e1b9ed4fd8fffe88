import { problemCodes, statusOf, titleOf } from "../../bot/api/statuses.ts";

/** Every problem that the API answers with, in the order of their codes. */
export const explainedProblems = (): { code: string; status: number; title: string }[] =>
  problemCodes.toSorted().map((code) => ({ code, status: statusOf(code), title: titleOf(code) }));
