import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ApiCommitDetail, ApiPush } from "../../../shared/contract/resources.ts";
import { ownActionItem, othersActionItem } from "../../../shared/messages/en/action-items.ts";
import { strong } from "../../../shared/messages/message.ts";
import { operationText, placeText } from "../../../shared/domain/staging/summary.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { AuthorWords } from "../components/author-words.tsx";
import { CommitButtons } from "../commits/actions.tsx";
import { Track } from "../commits/track.tsx";
import { type ActionItems, useActivity, useCommit, useMe, useActionItems, usePush } from "../data/queries.ts";
import { ActionSign } from "../components/diff.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { MessageText } from "../components/message-text.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { Overlaps } from "../components/overlaps.tsx";
import { Pill, commitState, stateOfPush } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { useNow } from "../components/use-now.ts";
import { Jobs } from "../pushes/jobs.tsx";
import { latelyPushed } from "./lately-pushed.ts";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

type Step = ActionItems["actionItems"][number];

/** Action items of the reader, and commits that wait for others. */
export const Pending = (): ReactNode => (
  <Load query={useActionItems()} what="the commits">
    {({ actionItems, waiting }) => (
      <Commits
        title="Pending commits"
        testId="pending"
        commits={withCommit([...actionItems, ...waiting])}
        empty="No commit waits for anything."
      />
    )}
  </Load>
);

/** Pushes in progress, and for a short time pushes that ended. */
export const Moving = (): ReactNode => {
  const actionItems = useActionItems().data;
  const lately = latelyPushed(useActivity(), useNow());
  if (!actionItems) return null;
  const stopped = new Set(withCommit([...actionItems.actionItems, ...actionItems.waiting]).map(({ number }) => number));
  const moving = new Map(actionItems.onTheWay.map(({ commit }) => [commit.number, null as number | null]));
  for (const { commit, push } of lately) if (!stopped.has(commit)) moving.set(commit, push);
  if (moving.size === 0) return null;
  const commits = [...moving].map(([number, push]) => ({ number, push, step: null }));
  return <Commits title="Pushes" testId="moving" commits={commits.toSorted((a, b) => b.number - a.number)} />;
};

interface Listed {
  number: number;
  /** The push in progress, if it has been read. */
  push: number | null;
  step: Step | null;
}

/** A commit with several open steps is listed once, with the first step. */
const withCommit = (steps: readonly Step[]): Listed[] => {
  const listed = new Map<number, Listed>();
  for (const step of steps) {
    const number = step.commit?.number;
    if (number !== undefined && !listed.has(number)) listed.set(number, { number, push: null, step });
  }
  return [...listed.values()];
};

interface CommitsProps {
  title: string;
  testId: string;
  commits: Listed[];
  empty?: string | null;
}

const Commits = ({ title, testId, commits, empty = null }: CommitsProps): ReactNode => (
  <Section title={title} count={commits.length}>
    <List className="cards" testId={testId} items={commits} empty={empty}>
      {(listed) => <CommitCard key={listed.number} {...listed} />}
    </List>
  </Section>
);

const CommitCard = ({ number, push, step }: Listed): ReactNode => {
  const detail = useCommit(number);
  // Read once at its start; events update it.
  const moving = usePush(push).data;
  const shown = detail.data ?? step?.commit;
  const isMine = useIsMine(step);
  return (
    <li className={`card ${isMine ? "mine" : ""}`} data-testid={`commit-${number}`}>
      {shown && (
        <>
          <header className="card-head">
            <h3>
              <Link href={`/commits/${number}`}>
                <span className="number">#{number}</span> {summaryText(shown.summary)}
              </Link>
            </h3>
            <Pill {...(detail.data ? liveState(detail.data, moving) : commitState(shown))} />
          </header>
          <p className="fine">
            <Person id={shown.author} /> · <Time at={shown.createdAt} />
            {step && <StepText step={step} />}
          </p>
          <AuthorWords author={shown.author} words={shown.message} />
        </>
      )}
      <Load query={detail} what={`commit ${number}`}>
        {(all) => <CardBody commit={all} moving={moving} />}
      </Load>
    </li>
  );
};

/** While the newest push runs, and once it is verified, its state says more than the commit's. */
const liveState = (commit: ApiCommitDetail, moving: ApiPush | undefined): ReturnType<typeof commitState> => {
  const newest = moving ?? commit.pushes[0];
  const isPushState = moving !== undefined || newest?.state === "running" || commit.status === appliedEverywhere;
  return newest && isPushState ? stateOfPush(newest) : commitState(commit);
};

const maxOperations = 4;

const CardBody = ({ commit, moving }: { commit: ApiCommitDetail; moving: ApiPush | undefined }): ReactNode => {
  const newest = moving ?? commit.pushes[0];
  const push = newest?.state === "cancelled" ? undefined : newest;
  return (
    <>
      <ul className="summaries">
        {commit.operations.slice(0, maxOperations).map((operation) => (
          <li key={`${operation.entityType}/${operation.entityId}/${operation.targets.join()}`}>
            <ActionSign action={operation.action} /> {operationText(operation)}
            {placeText(
              operation,
              commit.targets.map(({ target }) => target),
            )}
          </li>
        ))}
        {commit.operationCount > maxOperations && (
          <li>
            <Link href={`/commits/${commit.number}`}>{commit.operationCount - maxOperations} more</Link>
          </li>
        )}
      </ul>
      {push ? (
        <>
          <Jobs push={push} isShort />
          <p className="fine">
            <Link href={`/pushes/${push.number}`}>Push {push.number}</Link>, started by <Person id={push.requestedBy} />{" "}
            <Time at={push.createdAt} />
          </p>
        </>
      ) : (
        <Track commit={commit} />
      )}
      <Overlaps overlaps={commit.overlaps} rows={commit.operations} />
      <CommitButtons commit={commit} />
    </>
  );
};

const useIsMine = (step: Step | null): boolean => {
  const me = useMe().data;
  return me !== undefined && step !== null && step.who.includes(me.userId);
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
