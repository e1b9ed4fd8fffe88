/** Chooses which push that failed is sent again. */
import type { Commit } from "../../../shared/domain/commits/commit.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { retryReply } from "./retry-reply.ts";
import { input, option, select } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";

/** @param failed commits whose push failed somewhere, newest first; at least one */
export const retryView = (failed: readonly Commit[]) => {
  const options = failed.map(({ number, summary, errorTarget }) =>
    option(`#${number}  ${summaryText(summary)}${errorTarget ? ` (${errorTarget})` : ""}`, String(number)),
  );
  const cause = failed.length === 1 ? failed[0]?.errorMessage : null;
  return formView({
    name: "retry",
    title: "Retry a push",
    submit: "Retry",
    blocks: [
      input(
        {
          id: "commit",
          label: "Commit",
          hint: `${cause ? `${cause}. ` : ""}It is sent with the same key, so nothing is applied twice.`,
        },
        select(options, options.length === 1 ? options[0]?.value : null),
      ),
    ],
  });
};

export const retryModal: Modal = {
  name: "retry",
  submit: async ({ ctx, values }) => {
    const number = Number(textIn(values, "commit"));
    if (!Number.isInteger(number) || number < 1) return { errors: { commit: "Choose a commit." } };
    return retryReply(ctx, number, null);
  },
};
