import { problemCodes, statusOf } from "../../shared/contract/refusals.ts";
import { refusalTitle } from "../../shared/messages/en/refusals.ts";

/** Every problem that the API answers with, in the order of their codes. */
export const explainedProblems = (): { code: string; status: number; title: string }[] =>
  problemCodes.toSorted().map((code) => ({ code, status: statusOf(code), title: refusalTitle(code) }));
