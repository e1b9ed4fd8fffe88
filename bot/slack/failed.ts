import { log } from "../../shared/log.ts";
import type { VerbContext } from "../../shared/verbs/context.ts";
import { type Reply, say } from "./commands/command.ts";
import { failureOf } from "./slack-failure.ts";

/** What a person reads when we are the ones who failed. Whether something was changed is looked up, never guessed. */
export const failed = (event: string, error: unknown, { traceId }: Pick<VerbContext, "traceId">): Reply => {
  log(event, { traceId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  if (isTooLate(error)) {
    return {
      ...say(":warning: Slack gives three seconds to open a form, and they were over. Nothing was changed; try again."),
      refused: true,
    };
  }
  return {
    ...say(
      `:warning: CV Ops could not finish this. Look with \`/cv status\` whether it had its effect before you try again. If it stays so, give an admin this trace id: \`${traceId}\``,
    ),
    refused: true,
  };
};

const isTooLate = (error: unknown): boolean =>
  ["expired_trigger_id", "exchanged_trigger_id"].includes(failureOf(error).error);
