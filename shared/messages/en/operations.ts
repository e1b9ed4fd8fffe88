/** What operators read: an alert, and the figures of a week. */
import { type AlertName, type Signals, alerts } from "../../domain/operations/alerts.ts";
import { type Finding, checks } from "../../domain/operations/checks.ts";
import type { Counted } from "../../domain/operations/counts.ts";
import { type Measured, windowDays } from "../../domain/operations/objectives.ts";
import { findingLine } from "./findings.ts";
import { duration } from "./times.ts";

const measuredValue = (name: AlertName, value: number): string => {
  const { signal, unit } = alerts[name];
  if (unit === "s") return `for ${duration(value * 1000)}`;
  const nouns: Partial<Record<keyof Signals, [string, string]>> = {
    deadLettersWaiting: ["dead letter", "dead letters"],
    targetsDown: ["target", "targets"],
  };
  const [one, several] = nouns[signal] ?? ["", ""];
  return `${value} ${value === 1 ? one : several}`;
};

export const alertMessage = (name: AlertName, value: number): string =>
  `${alerts[name].says} (${measuredValue(name, value)})`;

export const alertClearedMessage = (name: AlertName, lastedMs: number): string =>
  `Over, after ${duration(lastedMs)}: ${alerts[name].says.replace(/^\w/, (letter) => letter.toLowerCase())}`;

const percent = (ratio: number): string => `${(Math.floor(ratio * 10_000) / 100).toFixed(2)} %`;

/** One line for each objective. */
export const objectiveMessage = ({ says, target, total, ratio }: Measured): string => {
  if (ratio === null) return `${says}: nothing to measure`;
  return `${says}: ${percent(ratio)} of ${total.toLocaleString("en")}, at least ${percent(target)} promised`;
};

export const isMissed = ({ ratio, target }: Measured): boolean => ratio !== null && ratio < target;

export const digestTitle = (lastDay: string): string => `The ${windowDays} days to ${lastDay}`;

/** How many of each outcome, and what was refused. */
export const digestFigures = (counts: readonly Counted[]): string[] => {
  const sum = (name: Counted["name"], label?: string): number =>
    counts
      .filter((counted) => counted.name === name && (label === undefined || counted.label === label))
      .reduce((total, { count }) => total + count, 0);
  const outcomes = ["applied", "failed", "unknown", "cancelled"].map(
    (outcome) => `${sum("pushes", outcome)} ${outcome}`,
  );
  return [
    `Pushes to a target: ${outcomes.join(", ")}`,
    `Dead letters: ${sum("dead_letters")}`,
    `Refused requests: ${sum("refused")}`,
  ];
};

export const findingMessage = (finding: Finding): string =>
  findingLine({ ...finding, says: checks[finding.check].says });

/** What to do about it; null where nothing is wrong. */
export const remedyMessage = ({ check, ok }: Finding): string | null => (ok === false ? checks[check].remedy : null);
