import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in Slack's messages. */
export const slackMutants: readonly Mutant[] = [
  mutant(
    "a card counts as shown with changes made meanwhile",
    "shared/storage/cards.ts",
    "shown_version = MAX(shown_version, ${card.desiredVersion})",
    "shown_version = MAX(desired_version, ${card.desiredVersion})",
  ),
  mutant(
    "a card is retired at the first rate limit",
    "bot/slack/core/slack-error.ts",
    '    return { kind: "rate_limited", error: "ratelimited", retryAfterMs: Math.max(1, limited.data.retryAfter) * 1000 };',
    '    return { kind: "gone", error: "ratelimited" };',
  ),
  mutant(
    "the outbox does not wake again after an error",
    "bot/slack/cards/outbox.ts",
    "      await this.#wakeAt(this.#deps.nowMs() + delay);\n",
    "",
  ),
  mutant(
    "a post is forgotten",
    "shared/storage/cards.ts",
    "UPDATE cards SET ts = ${at.ts}, shown_version",
    "UPDATE cards SET ts = COALESCE(ts, ${at.ts} || '9'), shown_version",
  ),
  mutant("cron does not wake pending answers", "bot/schedule.ts", "  pending: wakePending,\n", ""),
  mutant(
    "an answer that Slack did not take is given up",
    "bot/slack/pending/pending-commands.ts",
    "      await this.#sayLater(waiting, error);\n",
    "      await this.#store.forget(key);\n      void error;\n",
  ),
  mutant(
    "a request that D1 does not answer is not stored",
    "bot/slack/core/attempt.ts",
    "      await within(savePatienceMs, this.#pending.take(command, afterMs), late);\n",
    "      void [command, afterMs, late];\n",
  ),
];
