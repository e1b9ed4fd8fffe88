import { plural } from "../../../shared/messages/en/grammar.ts";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ApiCommitDetail } from "../../../shared/contract/resources.ts";
import { useCommit, useChecks } from "../data/queries.ts";
import { ActionSign, FieldDiffs, RowKind } from "../components/diff.tsx";
import { Icon, type IconName } from "../components/icon.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { Person } from "../components/person.tsx";
import { Pill, commitState, stateOfPush } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { MessageText } from "../components/message-text.tsx";
import { checkText } from "../messages/checks.ts";
import { CommitButtons } from "./actions.tsx";
import { Track } from "./track.tsx";
import { isOpenCommit } from "../../../shared/domain/commits/commit.ts";

export const CommitPage = ({ number }: { number: number }): ReactNode => {
  const query = useCommit(number);
  const commit = query.data;
  return (
    <Page
      title={`Commit #${number}`}
      lead={
        commit && (
          <>
            <p className="message">{commit.message}</p>
            <p className="fine">
              <Person id={commit.author} /> · <Time at={commit.createdAt} /> ·{" "}
              <abbr title={`Content hash ${commit.hash}`}>{commit.hash.slice(0, 10)}</abbr>
            </p>
          </>
        )
      }
      aside={commit && <Pill {...commitState(commit)} />}
    >
      <Load query={query} what={`commit ${number}`}>
        {(all) => <Whole commit={all} />}
      </Load>
    </Page>
  );
};

const Whole = ({ commit }: { commit: ApiCommitDetail }): ReactNode => (
  <>
    <Track commit={commit} />
    <CommitButtons commit={commit} />
    <div className="columns">
      <div className="column">
        <Diff commit={commit} />
      </div>
      <aside className="column" aria-label="Review and pushes">
        <Decisions commit={commit} />
        <InBetween commit={commit} />
        <Pushes commit={commit} />
      </aside>
    </div>
  </>
);

/** One section for each target, or one for all when their changes are equal. */
const Diff = ({ commit }: { commit: ApiCommitDetail }): ReactNode => {
  const { targets, changes } = commit;
  const [first, ...others] = targets;
  const isSame = others.every(({ operations }) => JSON.stringify(operations) === JSON.stringify(first?.operations));
  const shown = first && isSame ? [{ ...first, target: targets.map(({ target }) => target).join(" and ") }] : targets;
  const nameOf = (entityType: string, entityId: string): string =>
    changes.find((change) => change.entityType === entityType && change.entityId === entityId)?.name ?? entityId;
  return shown.map(({ target, operations, error }) => (
    <section key={target} aria-label={`What changes at ${target}`}>
      <header className="section-head">
        <h2>What changes at {target}</h2>
        <span className="fine">{plural(operations.length, "row")}</span>
      </header>
      {error !== null && <p className="error">{error}</p>}
      <ul className="rows">
        {operations.map((operation) => (
          <li key={`${operation.entityType}/${operation.entityId}`} className="row">
            <ActionSign action={operation.action} />
            <div className="row-main">
              <h3>
                {nameOf(operation.entityType, operation.entityId)} <RowKind {...operation} />
              </h3>
              <FieldDiffs {...operation} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  ));
};

const Decisions = ({ commit: { approvals } }: { commit: ApiCommitDetail }): ReactNode => (
  <section aria-labelledby="decisions-title">
    <h2 id="decisions-title">Decisions</h2>
    {approvals.length === 0 ? (
      <p className="empty">Nobody has decided yet.</p>
    ) : (
      <ul className="facts">
        {approvals.map(({ by, at, decision, reason, counts }) => (
          <li key={`${by}${at}`} className={decision === "approved" ? "good" : "bad"}>
            <Person id={by} /> {decision} it <Time at={at} />
            {!counts && <span className="fine"> (as it was then)</span>}
            {reason !== null && <blockquote>{reason}</blockquote>}
          </li>
        ))}
      </ul>
    )}
  </section>
);

const checkIcons = { open: "check", blocked: "lock", unknown: "question", note: "clock" } as const satisfies Record<
  string,
  IconName
>;

const InBetween = ({ commit }: { commit: ApiCommitDetail }): ReactNode => {
  const isOver = !isOpenCommit(commit);
  const checks = useChecks(commit.number, !isOver);
  if (isOver) return null;
  return (
    <section aria-labelledby="checks-title">
      <h2 id="checks-title">Before it can be pushed</h2>
      <Load query={checks} what="what stands in between">
        {({ checks: all }) => (
          <ul className="checks">
            {all.map((check) => (
              <li key={`${check.name}${String(check.about["target"])}`} className={check.state}>
                <Icon name={checkIcons[check.state]} />
                <span>
                  <MessageText message={checkText(check)} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Load>
    </section>
  );
};

const Pushes = ({ commit: { pushes } }: { commit: ApiCommitDetail }): ReactNode => (
  <section aria-labelledby="pushes-title">
    <h2 id="pushes-title">Pushes</h2>
    {pushes.length === 0 ? (
      <p className="empty">It was never pushed.</p>
    ) : (
      <ul className="facts">
        {pushes.map((push) => (
          <li key={push.number}>
            <Link href={`/pushes/${push.number}`}>Push {push.number}</Link> to{" "}
            {push.jobs.map(({ target }) => target).join(", ")} <Pill {...stateOfPush(push)} />
            <p className="fine">
              <Person id={push.requestedBy} /> · <Time at={push.createdAt} />
            </p>
          </li>
        ))}
      </ul>
    )}
  </section>
);
