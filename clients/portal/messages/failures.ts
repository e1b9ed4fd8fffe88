/** What went wrong, for a person at a page. */
import { type Refusal, refusalIn } from "../../../shared/contract/refusals.ts";
import { refusalMessage } from "../../../shared/messages/en/refusals.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import type { Step } from "../../../shared/messages/step.ts";
import { ApiProblem } from "../../sdk/index.ts";
import { fullTime } from "./times.ts";

export interface Explained {
  text: string;
  /** What else was reported, and by which trace whoever runs CV Ops finds it. */
  detail: string | null;
}

export const explainFailure = (error: unknown, nameOf: (userId: string) => string): Explained => {
  if (error instanceof ApiProblem) {
    return {
      text: refusalText(error, nameOf),
      detail: error.traceId === null ? null : `Trace ${error.traceId}`,
    };
  }
  return { text: error instanceof Error ? error.message : String(error), detail: null };
};

/** A newer server may refuse for reasons that are not in this version: then its own detail stands. */
const refusalText = ({ code, members, message }: ApiProblem, nameOf: (userId: string) => string): string => {
  const refusal = refusalIn(code, members);
  return refusal === null ? message : textOfRefusal(refusal, nameOf);
};

export const textOfRefusal = (refusal: Refusal, nameOf = (userId: string): string => userId): string =>
  plainText(refusalMessage(refusal), { nameOf, moment: fullTime, step });

/** Most of the portal's own steps are buttons beside; what is on another page is named. */
const pages: Partial<Record<Step["to"], string>> = {
  give_role: "The page People",
  solo_mode: "solo mode in Settings",
};

const step = (of: Step): string | null => pages[of.to] ?? null;
