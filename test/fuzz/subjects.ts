import { addressSubjects } from "./addresses.ts";
import { buttonSubjects } from "./buttons.ts";
import { cardSubjects } from "./cards.ts";
import { changeSubjects } from "./changes.ts";
import { commandSubjects } from "./commands.ts";
import { payloadSubjects } from "./payloads.ts";
import { reviewSubjects } from "./reviews.ts";
import { requestSubjects } from "./requests.ts";
import { signatureSubjects } from "./signatures.ts";
import type { Subject } from "./subject.ts";

export const subjects: readonly Subject[] = [
  ...commandSubjects,
  ...buttonSubjects,
  ...changeSubjects,
  ...cardSubjects,
  ...reviewSubjects,
  ...addressSubjects,
  ...signatureSubjects,
  ...payloadSubjects,
  ...requestSubjects,
];
