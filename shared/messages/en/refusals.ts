/** Why something is refused: a title a code, and what was wrong, which rule, what to do. */
import type { Refusal, RefusalCode } from "../../contract/refusals.ts";
import type { Message } from "../message.ts";
import type { RefusalMessages } from "../refusals.ts";
import { commitRefusals } from "./refusals/commits.ts";
import { deadLetterRefusals } from "./refusals/dead-letters.ts";
import { portfolioRefusals } from "./refusals/portfolio.ts";
import { pushRefusals } from "./refusals/pushes.ts";
import { requestRefusals } from "./refusals/requests.ts";
import { reviewRefusals } from "./refusals/reviews.ts";
import { stagingRefusals } from "./refusals/staging.ts";
import { targetRefusals } from "./refusals/targets.ts";
import { webhookRefusals } from "./refusals/webhooks.ts";
import { workspaceRefusals } from "./refusals/workspace.ts";

const messages: RefusalMessages = {
  ...requestRefusals,
  ...stagingRefusals,
  ...commitRefusals,
  ...reviewRefusals,
  ...pushRefusals,
  ...portfolioRefusals,
  ...workspaceRefusals,
  ...deadLetterRefusals,
  ...targetRefusals,
  ...webhookRefusals,
};

export const refusalTitle = (code: RefusalCode): string => messages[code].title;

/** The entry of a code takes the members of that code, which TypeScript cannot follow through the union. */
export const refusalMessage = (refusal: Refusal): Message => {
  const { detail } = messages[refusal.code] as { detail: (refusal: Refusal) => Message };
  return detail(refusal);
};
