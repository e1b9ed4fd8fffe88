/** A push from its first event to its end. */
import type { LiveEvent } from "../../shared/contract/live.ts";
import type { ApiPush } from "../../shared/contract/resources.ts";
import type { Follow, FollowOptions } from "./follow/follow.ts";
import type { Followed } from "./follow/followed.ts";
import type { Methods } from "./methods.ts";
import { type PushOutcome, applyEvent, outcomeOf, beforeFirstEvent } from "./push-progress.ts";

export interface FollowPushOptions extends Pick<FollowOptions, "signal" | "onState"> {
  /** Continue after the push is applied, until every target has verified its rows. */
  verified?: boolean;
}

export interface PushStep {
  push: ApiPush;
  /** The event that led to this state; null for a push that had ended before. */
  event: LiveEvent | null;
  /** Set in the last step. */
  outcome: PushOutcome | null;
}

interface Following extends Pick<Methods, "showPush"> {
  follow: (followed: Followed, options: FollowOptions) => Follow;
}

/**
 * Yields every step of the push from its first event; the last step has an outcome. Throws the signal's reason when
 * that is aborted. Aborting does not stop the push.
 */
export async function* followPush(
  client: Following,
  number: number,
  { verified = false, signal, onState }: FollowPushOptions = {},
): AsyncGenerator<PushStep, void, undefined> {
  const options = signal ? { signal } : {};
  const current = await client.showPush({ number }, options);
  const ended = outcomeOf(current, verified);
  if (ended !== null) {
    yield { push: current, event: null, outcome: ended };
    return;
  }
  let push = beforeFirstEvent(current);
  const events = client.follow({ commit: current.commit }, { ...options, ...(onState && { onState }), lastEventId: 0 });
  for await (const event of events) {
    if (event.push !== number) continue;
    push = applyEvent(push, event);
    if (outcomeOf(push, verified) !== null || event.type.endsWith(".repaired")) {
      // The push may have been retried since: the server's current state decides whether it has ended.
      const now = await client.showPush({ number }, options);
      const outcome = outcomeOf(now, verified);
      if (outcome !== null) {
        yield { push: now, event, outcome };
        return;
      }
    }
    yield { push, event, outcome: null };
  }
  signal?.throwIfAborted();
}
