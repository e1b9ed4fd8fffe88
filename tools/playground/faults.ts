/** What can be made to go wrong in the local stack, and what people read about it. */

export const faultNames = [
  "d1cv.refuse",
  "d1cv.down",
  "d1cv.slow",
  "ai-agent.refuse",
  "ai-agent.down",
  "ai-agent.slow",
  "webhook.lose",
  "webhook.repeat",
  "queue.poison",
  "slack.limited",
  "slack.down",
] as const;

export type FaultName = (typeof faultNames)[number];

export interface Fault {
  name: FaultName;
  /** On the button. */
  label: string;
  /** What happens, and what CV Ops makes of it. */
  effect: string;
  /** Ends by itself after it has happened once. */
  once: boolean;
}

/** By how much a slow target is late. Longer than a read may take, shorter than an apply request may. */
export const slowTargetMs = 4_000;

/** What a limited Slack asks the bot to wait, seconds. */
export const limitedRetryAfterSeconds = 5;

const targetFaults = (target: "d1cv" | "ai-agent"): Fault[] => [
  {
    name: `${target}.refuse`,
    label: "Fail the next push",
    effect: `${target} refuses the next push and applies nothing. The push fails; Retry on its card goes through.`,
    once: true,
  },
  {
    name: `${target}.down`,
    label: "Down",
    effect: `${target} answers every request with 503. Pushes try again for a while, and staging says that it did not see the row.`,
    once: false,
  },
  {
    name: `${target}.slow`,
    label: "Slow",
    effect: `Every answer of ${target} comes ${slowTargetMs / 1000} s late. Pushes wait; searches in forms give up.`,
    once: false,
  },
];

export const faultGroups: readonly { title: string; faults: readonly Fault[] }[] = [
  { title: "d1cv", faults: targetFaults("d1cv") },
  { title: "ai-agent", faults: targetFaults("ai-agent") },
  {
    title: "Webhooks",
    faults: [
      {
        name: "webhook.lose",
        label: "Lose the next result",
        effect:
          "The next “completed” or “failed” that a target reports never arrives. CV Ops asks the target itself when its time is up.",
        once: true,
      },
      {
        name: "webhook.repeat",
        label: "Repeat the next result",
        effect: "The next “completed” or “failed” arrives twice. Nothing may happen twice.",
        once: true,
      },
    ],
  },
  {
    title: "Queue",
    faults: [
      {
        name: "queue.poison",
        label: "A message about nothing",
        effect:
          "A message arrives that names a push which does not exist. It delays no other message, and becomes a dead letter: /cv dead-letters.",
        once: true,
      },
    ],
  },
  {
    title: "Slack",
    faults: [
      {
        name: "slack.limited",
        label: "Rate limited",
        effect: `Every call of the Web API is answered 429, Retry-After ${limitedRetryAfterSeconds} s. Cards catch up when it ends.`,
        once: false,
      },
      {
        name: "slack.down",
        label: "Down",
        effect:
          "Every call of the Web API is answered 503. You can still type; what CV Ops says catches up when it ends.",
        once: false,
      },
    ],
  },
];

export const findFault = (name: FaultName): Fault | undefined =>
  faultGroups.flatMap(({ faults }) => faults).find((fault) => fault.name === name);

/** "d1cv: Down", for where a fault stands without its group. */
export const faultTitle = (name: FaultName): string => {
  const group = faultGroups.find(({ faults }) => faults.some((fault) => fault.name === name));
  return `${group?.title ?? name}: ${findFault(name)?.label ?? ""}`;
};
