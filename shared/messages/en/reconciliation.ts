/** What reconciling the targets with the bot has come to, after a database was put back in time. */
import { type Message, message } from "../message.ts";
import { allOf, plural, unstopped } from "./grammar.ts";

interface ReconciledTarget {
  target: string;
  problem: string | null;
  sent: readonly number[];
  left: readonly number[];
  recorded: readonly number[];
  forgotten: readonly (number | null)[];
  accepted: number;
  more: number;
  isReindexed: boolean;
}

const commits = (numbers: readonly (number | null)[]): Message => {
  const named = numbers.flatMap((number) => (number === null ? [] : [`#${number}`]));
  const unnamed = numbers.length - named.length;
  return allOf([
    ...named,
    ...(unnamed > 0 ? [plural(unnamed, "commit of unknown number", "commits of unknown number")] : []),
  ]);
};

const targetMessages = (found: ReconciledTarget): Message[] => {
  const { target, problem, sent, left, recorded, forgotten, accepted, more, isReindexed } = found;
  const said = [
    problem === null ? null : message`${target} ${unstopped(problem)}.`,
    sent.length === 0 ? null : message`${target} got again what it had lost: ${commits(sent)}.`,
    left.length === 0
      ? null
      : message`${target} did not get ${commits(left)} again, because rows of it have changed since. Verify shows them.`,
    recorded.length === 0 ? null : message`${target} had applied ${commits(recorded)}: that is recorded now.`,
    forgotten.length === 0
      ? null
      : message`${target} had applied ${commits(forgotten)}, which the bot has lost: ${plural(accepted, "row")} count as pushed.`,
    isReindexed ? message`${target} rebuilds its search index.` : null,
    more === 0 ? null : message`${plural(more, "job")} of ${target} are left: reconcile again.`,
  ].filter((each) => each !== null);
  return said.length > 0 ? said : [message`${target} and the bot have the same jobs.`];
};

/** A sentence a line. */
export const reconciledMessages = ({
  targets,
  numbersLeftOut,
}: {
  targets: readonly ReconciledTarget[];
  numbersLeftOut: number | null;
}): Message[] => [
  ...targets.flatMap(targetMessages),
  ...(numbersLeftOut === null
    ? []
    : [message`The next commit, change and push have numbers ${numbersLeftOut} higher, so that none is given twice.`]),
];
