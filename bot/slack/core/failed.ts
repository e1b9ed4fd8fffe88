import { log } from "../../../shared/log.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { commandButton } from "./buttons/command-button.ts";
import { type Reply, say } from "./reply.ts";
import { isOutage } from "./outage.ts";
import { isTriggerSpent } from "./slack-error.ts";
import { quoted } from "../blocks/text.ts";

/**
 * What a person reads when we are the ones who failed. Whether something was changed is looked up, never guessed. An
 * outage is thrown on: the request is tried again until it has an answer.
 * @param opener the command that opens the form, when the request was to open one
 */
export const failed = (
  event: string,
  error: unknown,
  { traceId }: Pick<UseCaseContext, "traceId">,
  opener: string | null = null,
  look?: string,
): Reply => {
  if (isOutage(error)) throw error;
  log(event, { traceId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return { ...(isTriggerSpent(error) ? tooLate(opener) : unknownOutcome(traceId, look)), refused: true };
};

/** Also where nobody can say any more what will become of it. @param look the command that shows it */
export const unknownOutcome = (traceId: string, look = "status"): Reply =>
  say(
    `:warning: CV Ops could not finish this. Check with \`/cv ${look}\` whether it had an effect before you try again. If it fails again, give an admin this trace id: \`${traceId}\``,
  );

const tooLate = (opener: string | null): Reply => {
  const why = ":warning: Slack allows three seconds to open a form, and they had passed. Nothing was changed.";
  if (opener === null) return say(`${why} Click the button again.`);
  return say(
    `${why} *Open it* does so now, as \`/cv ${quoted(opener, 200)}\` does.`,
    commandButton("go", "Open it", opener),
  );
};
