import { message } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { deadLetterStanding } from "../dead-letters.ts";
import { example, hint, tooLong } from "./phrases.ts";

export const deadLetterRefusals = {
  dead_letter_not_found: {
    title: "Dead letter not found",
    detail: ({ number }) => message`There is no dead letter ${number}.${hint({ to: "dead_letters" }, "lists them")}`,
  },
  dead_letter_settled: {
    title: "Dead letter settled",
    detail: ({ number, ...standing }) =>
      message`Dead letter ${number} is settled already: ${deadLetterStanding(standing)}.${hint({ to: "dead_letter", number }, "says more")}`,
  },
  not_retryable: {
    title: "Not retryable",
    detail: ({ number, queue }) => {
      const discard = hint({ to: "discard_dead_letter", number }, "closes it");
      return queue === "slack"
        ? message`Dead letter ${number} is a request from Slack: whoever made it repeats it there.${discard}`
        : message`Dead letter ${number} cannot be sent again: no queue takes it. Discard it with a reason.${discard}`;
    },
  },
  reason_required: {
    title: "Reason required",
    detail: ({ number }) => message`Say why nothing has to be sent.${example({ to: "discard_reason", number })}`,
  },
  reason_too_long: { title: "Reason too long", detail: (refusal) => tooLong("The reason", refusal) },
} satisfies Partial<RefusalMessages>;
