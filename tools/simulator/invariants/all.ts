import { acksInTime } from "./acks-in-time.ts";
import { approvalsAreUsedRightly } from "./approvals-are-used-rightly.ts";
import { changesHaveOnePlace } from "./changes-have-one-place.ts";
import { conflictsAreResolvedAsChosen } from "./conflicts-are-resolved-as-chosen.ts";
import { deliveredOnce } from "./delivered-once.ts";
import { everythingSettles } from "./everything-settles.ts";
import { honestDeliveries } from "./honest-deliveries.ts";
import type { Invariant } from "./invariant.ts";
import { legalEdges } from "./legal-edges.ts";
import { messagesEnd } from "./messages-end.ts";
import { oneDatabase } from "./one-database.ts";
import { noEffectTwice } from "./no-effect-twice.ts";
import { noTrespass } from "./no-trespass.ts";
import { oneEffectAKey } from "./one-effect-a-key.ts";
import { oneEventEach } from "./one-event-each.ts";
import { oneOutcome } from "./one-outcome.ts";
import { secretsStaySecret } from "./secrets-stay-secret.ts";
import { summariesFit } from "./summaries-fit.ts";
import { targetsHoldWhatWasApproved } from "./targets-hold-what-was-approved.ts";
import { threadIsAccurate } from "./thread-is-accurate.ts";
import { verifyNamesDifferences } from "./verify-names-differences.ts";
import { webhooksMissNothing } from "./webhooks-miss-nothing.ts";
import { wellFormedCalls } from "./well-formed-calls.ts";

export const invariants: readonly Invariant[] = [
  changesHaveOnePlace,
  noEffectTwice,
  oneOutcome,
  legalEdges,
  everythingSettles,
  threadIsAccurate,
  acksInTime,
  messagesEnd,
  noTrespass,
  oneEventEach,
  webhooksMissNothing,
  honestDeliveries,
  deliveredOnce,
  secretsStaySecret,
  oneEffectAKey,
  wellFormedCalls,
  approvalsAreUsedRightly,
  targetsHoldWhatWasApproved,
  summariesFit,
  conflictsAreResolvedAsChosen,
  verifyNamesDifferences,
  oneDatabase,
];
