import type { Asked } from "../actors/program.ts";
import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

/** The events that record the effect of a request. */
const effects = { stage: "change.staged", commit: "commit.created", push: "push.started" } as const;

/** Somebody has revoked the program's token since. */
const wasRevoked = (staging: World["staging"], userId: string): boolean =>
  staging.rows("SELECT 1 FROM api_tokens WHERE id = ?1 AND revoked_at IS NOT NULL", `token-${userId}`).length > 0;

const wrongWith = ({ staging }: World, { deed, key, traceId, answers, holder }: Asked): string[] => {
  const type = effects[deed];
  const times = staging.rows("SELECT 1 FROM job_events WHERE trace_id = ?1 AND type = ?2", traceId, type).length;
  const taken = answers.filter(({ status }) => status < 300);
  const named = new Set(taken.map((answer) => answer.named));
  return [
    ...(times > 1 ? [`has led to ${times} events ${type}`] : []),
    ...(taken.length > 0 && times === 0
      ? [`was answered with ${taken[0]?.status}, and there is no event ${type}`]
      : []),
    ...(named.size > 1 ? [`was answered with ${[...named].join(" and ")}`] : []),
    ...answers
      .filter(({ status }) => status === 401 && !wasRevoked(staging, holder))
      .map(() => "was answered as if its token were not good"),
  ].map((what) => `the request to ${deed} with the key ${key} ${what}`);
};

export const oneEffectAKey: Invariant = {
  number: 15,
  words: "an API request that is repeated with its idempotency key has one effect and one answer",
  atRest: ({ world, program }) => program.asked.flatMap((asked) => wrongWith(world, asked)),
};
