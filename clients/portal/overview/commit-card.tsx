/** A commit in a list: whole where the reader may act or a push runs, a line else. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ApiCommitCard } from "../../../shared/contract/resources.ts";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";
import { operationText, placeText } from "../../../shared/domain/staging/summary.ts";
import { othersActionItem, ownActionItem } from "../../../shared/messages/en/action-items.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { strong } from "../../../shared/messages/message.ts";
import { CommitButtons } from "../commits/actions.tsx";
import { Track } from "../commits/track.tsx";
import { AuthorWords } from "../components/author-words.tsx";
import { ActionSign } from "../components/diff.tsx";
import { MessageText } from "../components/message-text.tsx";
import { Overlaps } from "../components/overlaps.tsx";
import { Person } from "../components/person.tsx";
import { Pill, commitState, stateOfPush } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { type ActionItems, useMe } from "../data/queries.ts";
import { Jobs } from "../pushes/jobs.tsx";

type Step = Pick<ActionItems["actionItems"][number], "kind" | "who">;

interface ListedProps {
  commit: ApiCommitCard;
  step?: Step;
}

export const CommitCard = ({ commit, step }: ListedProps): ReactNode => (
  <li className={`card ${useIsMine(step) ? "mine" : ""}`} data-testid={`commit-${commit.number}`}>
    <header className="card-head">
      <h3>
        <Title commit={commit} />
      </h3>
      <Pill {...liveState(commit)} />
    </header>
    <Facts commit={commit} step={step} />
    <AuthorWords author={commit.author} words={commit.message} />
    <Operations commit={commit} />
    <Progress commit={commit} />
    <Overlaps overlaps={commit.overlaps} rows={commit.operations ?? []} />
    <CommitButtons commit={commit} />
  </li>
);

/** Its title says what it does; the rest is on its page. */
export const CommitRow = ({ commit, step }: ListedProps): ReactNode => (
  <li className="row" data-testid={`commit-${commit.number}`}>
    <div className="row-main">
      <h3>
        <Title commit={commit} />
      </h3>
      <Facts commit={commit} step={step} />
      <AuthorWords author={commit.author} words={commit.message} />
    </div>
    <div className="row-side">
      <Pill {...liveState(commit)} />
      <CommitButtons commit={commit} isShort />
    </div>
  </li>
);

const Title = ({ commit: { number, summary } }: { commit: ApiCommitCard }): ReactNode => (
  <Link href={`/commits/${number}`}>
    <span className="number">#{number}</span> {summaryText(summary)}
  </Link>
);

const Facts = ({ commit, step }: { commit: ApiCommitCard; step: Step | undefined }): ReactNode => (
  <p className="fine">
    <Person id={commit.author} /> · <Time at={commit.createdAt} />
    {step && <StepText step={step} />}
  </p>
);

const useIsMine = (step: Step | undefined): boolean => {
  const me = useMe().data;
  return me !== undefined && step !== undefined && step.who.includes(me.userId);
};

const StepText = ({ step }: { step: Step }): ReactNode => {
  const isMine = useIsMine(step);
  const text = isMine ? ownActionItem(step) : othersActionItem(step);
  if (text.length === 0) return null;
  return (
    <>
      {" "}
      · <MessageText message={isMine ? [strong(text)] : text} />
    </>
  );
};

/** While the newest push runs, and once it is verified, its state says more than the commit's. */
const liveState = (commit: ApiCommitCard): ReturnType<typeof commitState> => {
  const [newest] = commit.pushes;
  const isPushState = newest?.state === "running" || commit.status === appliedEverywhere;
  return newest && isPushState ? stateOfPush(newest) : commitState(commit);
};

const Operations = ({ commit }: { commit: ApiCommitCard }): ReactNode => {
  const { number, operations, operationCount, targets, changeCount } = commit;
  if (operations === null || operationCount === null)
    return (
      <p>
        <Link href={`/commits/${number}`}>See its {changeCount} changes</Link>
      </p>
    );
  // The title says the same of a single one.
  if (operationCount === 1) return null;
  return (
    <ul className="summaries">
      {operations.map((operation) => (
        <li key={`${operation.entityType}/${operation.entityId}/${operation.targets.join()}`}>
          <ActionSign action={operation.action} /> {operationText(operation)}
          {placeText(
            operation,
            targets.map(({ target }) => target),
          )}
        </li>
      ))}
      {operationCount > operations.length && (
        <li>
          <Link href={`/commits/${number}`}>{operationCount - operations.length} more</Link>
        </li>
      )}
    </ul>
  );
};

const Progress = ({ commit }: { commit: ApiCommitCard }): ReactNode => {
  const [newest] = commit.pushes;
  if (!newest || newest.state === "cancelled") return <Track commit={commit} />;
  return (
    <>
      <Jobs push={newest} isShort />
      <p className="fine">
        <Link href={`/pushes/${newest.number}`}>Push {newest.number}</Link>, started by{" "}
        <Person id={newest.requestedBy} /> <Time at={newest.createdAt} />
      </p>
    </>
  );
};
