import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in the queue consumers. */
export const consumerMutants: readonly Mutant[] = [
  mutant(
    "a target that gives no answer counts as failed",
    "consumers/push.ts",
    'await record(deps, job, { kind: "timeout", error });',
    'await record(deps, job, { kind: "failed", error });',
  ),
  mutant(
    "a refusal after a lost answer counts as failed",
    "consumers/push.ts",
    '{ kind: "failed", error, tries: 1 }',
    '{ kind: "failed", error }',
  ),
  mutant(
    "a try is not counted before it leaves",
    "consumers/push.ts",
    "    countTry(at, job, inMs(deps, timeouts.dispatchMs)),\n",
    "",
  ),
  mutant(
    "a malformed message is acknowledged and forgotten",
    "consumers/index.ts",
    "if (cause !== null) await keep(worker, name, message, cause);",
    "if (cause !== null) void keep;",
  ),
  mutant(
    "a push that waits for its target is not looked at again",
    "shared/domain/pushes/target-health.ts",
    'return probeAt !== null && Date.parse(probeAt) > nowMs ? { kind: "wait", until: probeAt } : { kind: "probe" };',
    'return { kind: "wait", until: probeAt ?? new Date(nowMs + 60_000).toISOString() };',
  ),
];
