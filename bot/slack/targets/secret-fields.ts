/** The three secrets that a target shares with us, as inputs. */
import type { InputBlock } from "@slack/types";
import type { Refusal } from "../../../shared/contract/refusals.ts";
import type { TargetSecrets } from "../../../shared/use-cases/targets/target-secrets.ts";
import { input, textInput } from "../core/modals/inputs.ts";
import { type FormValues, textIn } from "../core/modals/values.ts";
import { secretId } from "../core/secret-inputs.ts";

const uses = ["request", "webhook", "read"] as const;

const labels = { request: "Request secret", webhook: "Webhook secret", read: "Read token" } as const;
const hints = {
  request: "Signs our requests: whsec_ and base64 of 24 to 64 bytes.",
  webhook: "Signs the target's webhooks, in the same form.",
  read: "Sent with each read: 8 to 200 characters.",
} as const;

export const secretInputs = ({ optional }: { optional: boolean }): InputBlock[] =>
  uses.map((use) =>
    input(
      { id: secretId(use), label: labels[use], hint: hints[use], optional },
      textInput({ maxLength: 200, ...(optional && { placeholder: "Stays as it is" }) }),
    ),
  );

/** Those that were filled in. */
export const secretsIn = (values: FormValues): Partial<TargetSecrets> =>
  Object.fromEntries(
    uses.flatMap((use) => {
      const typed = textIn(values, secretId(use));
      return typed === "" ? [] : [[use, typed]];
    }),
  );

export const secretError = ({ use }: Refusal<"invalid_target_secret">): Record<string, string> => ({
  [secretId(use)]:
    use === "read" ? "8 to 200 characters without spaces." : "whsec_, followed by base64 of 24 to 64 bytes.",
});
