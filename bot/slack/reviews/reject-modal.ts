/** Why a commit is rejected: its author reads it on the card. */
import * as z from "zod/mini";
import { type Commit, maxReviewReason } from "../../../shared/domain/commits/commit.ts";
import { rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { section } from "../blocks/blocks.ts";
import { answer } from "../core/reply.ts";
import { rejectedReply } from "./decide-reply.ts";
import { commitTitle, commitWords } from "../components/commit-lines.ts";
import { input, textInput } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";

const metadata = z.object({ number: z.int(), seenHash: z.nullable(z.string()) });

export const rejectView = (
  commit: Pick<Commit, "number" | "message" | "summary" | "createdBy">,
  seenHash: string | null,
) =>
  formView({
    name: "reject",
    title: `Reject commit #${commit.number}`,
    submit: "Reject",
    metadata: { number: commit.number, seenHash },
    blocks: [
      section(`${commitTitle(commit)}\n>${commitWords(commit)}\nIts changes wait until it is reopened or dropped.`),
      input(
        {
          id: "reason",
          label: "What should be different?",
          hint: "The author reads this on the card.",
          optional: true,
        },
        textInput({ multiline: true, maxLength: maxReviewReason, placeholder: "Python is 7 years, not 8" }),
      ),
    ],
  });

export const rejectModal: Modal = {
  name: "reject",
  submit: async ({ ctx, values, metadata: carried }) => {
    const { number, seenHash } = metadata.parse(carried);
    const reason = textIn(values, "reason") || null;
    return answer(rejectCommit(ctx, { number, seenHash, reason }), () => rejectedReply(number, reason));
  },
};
