/**
 * Inputs of forms that hold secrets of others. What is typed there is used once: it is kept in no queue, no dead letter
 * and no message, and a form that is shown again asks for it again.
 */
import { type Body, submittedView } from "./payload.ts";

const prefix = "secret_";

export const secretId = (name: string): string => `${prefix}${name}`;

export const isSecretInput = (blockId: string | undefined): boolean => blockId?.startsWith(prefix) ?? false;

export const carriesSecrets = (body: Body): boolean =>
  submittedView(body)?.blocks.some(({ block_id: id }) => isSecretInput(id)) ?? false;

/** The command that shows what has become of it: forms with secrets are those of targets, not of pushes. */
export const lookAfter = (body: Body): string => (carriesSecrets(body) ? "targets" : "status");
