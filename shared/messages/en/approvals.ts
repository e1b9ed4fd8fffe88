/** Why an approval does not count. */
import type { VoidReason } from "../../domain/commits/judgement.ts";

const texts: Record<VoidReason, string> = {
  withdrawn: "approval withdrawn",
  other_content: "approved an earlier content",
  not_approver: "approved, but may not approve any more",
  own: "approved their own commit, which counts in solo mode only",
  contributor: "approved, but has input in it",
};

/** Behind the name of a person. A newer server may have other reasons. */
export const voidText = (because: string): string =>
  Object.hasOwn(texts, because) ? texts[because as VoidReason] : "approved, but that does not count";
