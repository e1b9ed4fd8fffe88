/** The seeded bugs by component. The simulator finds each one within 2,000 seeds. */
import { approvalMutants } from "./approvals.ts";
import { conflictMutants } from "./conflicts.ts";
import { contentMutants } from "./content.ts";
import { consumerMutants } from "./consumers.ts";
import { releaseMutants } from "./releases.ts";
import { requestMutants } from "./requests.ts";
import { engineMutants } from "./engine.ts";
import type { Mutant } from "./mutant.ts";
import { slackMutants } from "./slack.ts";
import { targetMutants } from "./targets.ts";
import { useCaseMutants } from "./use-cases.ts";
import { webhookMutants } from "./webhooks.ts";

export const mutants: readonly Mutant[] = [
  ...requestMutants,
  ...useCaseMutants,
  ...approvalMutants,
  ...conflictMutants,
  ...contentMutants,
  ...engineMutants,
  ...consumerMutants,
  ...slackMutants,
  ...targetMutants,
  ...webhookMutants,
  ...releaseMutants,
];
