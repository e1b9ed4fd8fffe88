/** Secrets are shown once: what a repeat of the request has in the place of one. */
import { type Message, message } from "../message.ts";
import { hint } from "./refusals/phrases.ts";

export const webhookSecretShown = (number: number): Message =>
  message`Its secret was shown in the first answer alone.${hint({ to: "rotate_webhook", number }, "makes a new one")}`;

export const tokenSecretShown = (number: number): Message =>
  message`It was shown in the first answer alone.${hint({ to: "revoke_token", number }, "ends it, if you do not have it; then make another")}`;
