/** Why a message that could not be delivered is discarded: the log keeps it. */
import * as z from "zod/mini";
import type { FiledDeadLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import { discardDeadLetter, maxReasonLength } from "../../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import { section } from "../blocks/blocks.ts";
import { deadLetterLine } from "./dead-letter-messages.ts";
import { refuse } from "../core/reply.ts";
import { discardedReply } from "./dead-letters-reply.ts";
import { input, textInput } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";

const metadata = z.object({ number: z.int() });

export const discardView = (deadLetter: FiledDeadLetter) =>
  formView({
    name: "discard-dead-letter",
    title: `Discard message ${deadLetter.number}`,
    submit: "Discard",
    metadata: { number: deadLetter.number },
    blocks: [
      section(`${deadLetterLine(deadLetter)}\nIt will not be sent any more. This cannot be undone.`),
      input(
        { id: "reason", label: "Why is that right?", hint: "The log keeps it." },
        textInput({ multiline: true, maxLength: maxReasonLength, placeholder: "Pushed again since" }),
      ),
    ],
  });

export const discardDeadLetterModal: Modal = {
  name: "discard-dead-letter",
  submit: async ({ ctx, values, metadata: carried }) => {
    const { number } = metadata.parse(carried);
    const discarded = await discardDeadLetter(ctx, { number, reason: textIn(values, "reason") });
    if (discarded.ok) return discardedReply(number);
    return discarded.reason.code === "reason_required"
      ? { errors: { reason: "Say why, in a few words." } }
      : refuse(discarded.reason);
  },
};
