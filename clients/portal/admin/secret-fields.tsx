/** The three secrets that a target shares with us. Typed here only: they are neither filled in nor kept. */
import type { ReactNode } from "react";
import { Field } from "../components/field.tsx";

export const uses = ["request", "webhook", "read"] as const;
export type Use = (typeof uses)[number];

const labels: Record<Use, string> = { request: "Request secret", webhook: "Webhook secret", read: "Read token" };
const hints: Record<Use, string> = {
  request: "Signs our requests: whsec_ and base64 of 24 to 64 bytes.",
  webhook: "Signs the target’s webhooks, in the same form.",
  read: "Sent with each read: 8 to 200 characters.",
};

interface SecretFieldsProps {
  secrets: Record<Use, string>;
  errors: Readonly<Record<string, string>>;
  /** What is left empty stays as it is. */
  isOptional?: boolean;
  enter: (use: Use, secret: string) => void;
}

export const noSecrets: Record<Use, string> = { request: "", webhook: "", read: "" };

export const SecretFields = ({ secrets, errors, isOptional = false, enter }: SecretFieldsProps): ReactNode =>
  uses.map((use) => (
    <Field key={use} label={labels[use]} hint={hints[use]} error={errors[use] ?? null}>
      {(input) => (
        <input
          {...input}
          type="password"
          // A password manager fills in the other kind, and offers to keep it.
          autoComplete="new-password"
          spellCheck={false}
          maxLength={200}
          placeholder={isOptional ? "Stays as it is" : undefined}
          data-autofocus={(isOptional && use === "request") || undefined}
          value={secrets[use]}
          onChange={(event) => enter(use, event.target.value)}
        />
      )}
    </Field>
  ));
