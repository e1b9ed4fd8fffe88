import { voidText } from "../../../shared/messages/en/approvals.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ApiCommitDetail } from "../../../shared/contract/resources.ts";
import { type Check, useCommit, useChecks } from "../data/queries.ts";
import { AuthorWords } from "../components/author-words.tsx";
import { Icon, type IconName } from "../components/icon.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Overlaps } from "../components/overlaps.tsx";
import { Page } from "../components/page.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { Pill, type Tone, commitState, stateOfPush } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { MessageText } from "../components/message-text.tsx";
import { apiCheckMessage } from "../../../shared/messages/api-check.ts";
import { Conflicts } from "./conflicts.tsx";
import { CommitButtons } from "./actions.tsx";
import { CommitDiff } from "./diff.tsx";
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
            <p className="summary">{summaryText(commit.summary)}</p>
            <p className="fine">
              <Person id={commit.author} /> <Editors commit={commit} />· <Time at={commit.createdAt} /> ·{" "}
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

/** Whose input is in it beside its author's. */
const Editors = ({ commit: { author, contributors } }: { commit: ApiCommitDetail }): ReactNode => {
  const others = contributors.filter((id) => id !== author);
  return (
    others.length > 0 && (
      <>
        (edited by{" "}
        {others.map((id, index) => (
          <span key={id}>
            {index > 0 && ", "}
            <Person id={id} />
          </span>
        ))}
        ){" "}
      </>
    )
  );
};

const Whole = ({ commit }: { commit: ApiCommitDetail }): ReactNode => (
  <>
    <Track commit={commit} />
    <CommitButtons commit={commit} checked />
    <div className="columns">
      <div className="column">
        <Conflicts commit={commit} />
        <Overlaps overlaps={commit.overlaps} rows={commit.operations} />
        <CommitDiff key={commit.hash} commit={commit} />
        <Words commit={commit} />
      </div>
      <aside className="column" aria-label="Review and pushes">
        <Decisions commit={commit} />
        <Requirements commit={commit} />
        <Pushes commit={commit} />
      </aside>
    </div>
  </>
);

/** The author's own words, below what the commit does. */
const Words = ({ commit: { author, message, changes } }: { commit: ApiCommitDetail }): ReactNode => (
  <Section title="In the author's words">
    <AuthorWords author={author} words={message} />
    {changes.map(
      (change) =>
        change.note !== null && (
          <AuthorWords
            key={change.number}
            author={change.author}
            words={change.note}
            about={`change ${change.number}`}
          />
        ),
    )}
  </Section>
);

const Decisions = ({ commit: { approvals } }: { commit: ApiCommitDetail }): ReactNode => (
  <Section title="Decisions">
    <List className="facts" items={approvals} empty="Nobody has decided yet.">
      {({ by, at, decision, reason, counts, void: voided }) => (
        <li key={`${by}${at}`}>
          <Person id={by} /> {decision === "withdrawn" ? "withdrew the approval" : `${decision} it`} <Time at={at} />
          {!counts && decision !== "withdrawn" && (
            <span className="fine"> (does not count: {voidText(voided ?? "other_content")})</span>
          )}
          {reason !== null && <blockquote>{reason}</blockquote>}
        </li>
      )}
    </List>
  </Section>
);

const checkLooks: Record<Check["state"], { icon: IconName; tone: Tone }> = {
  open: { icon: "check", tone: "good" },
  blocked: { icon: "lock", tone: "bad" },
  unknown: { icon: "question", tone: "wait" },
  note: { icon: "clock", tone: "wait" },
};

const Requirements = ({ commit }: { commit: ApiCommitDetail }): ReactNode => {
  const isOpen = isOpenCommit(commit);
  const checks = useChecks(commit.number, isOpen);
  if (!isOpen) return null;
  return (
    <Section title="Before it can be pushed">
      <Load query={checks} what="the requirements">
        {({ checks: all }) => (
          <ul className="checks">
            {all.map((check) => (
              <li
                key={`${check.name}${String(check.about["target"])}`}
                className={`${check.state} ${checkLooks[check.state].tone}`}
              >
                <Icon name={checkLooks[check.state].icon} />
                <span>
                  <MessageText message={apiCheckMessage(check)} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Load>
    </Section>
  );
};

const Pushes = ({ commit: { pushes } }: { commit: ApiCommitDetail }): ReactNode => (
  <Section title="Pushes">
    <List className="facts" items={pushes} empty="Not pushed yet.">
      {(push) => (
        <li key={push.number}>
          <Link href={`/pushes/${push.number}`}>Push {push.number}</Link> to{" "}
          {push.jobs.map(({ target }) => target).join(", ")} <Pill {...stateOfPush(push)} />
          <p className="fine">
            <Person id={push.requestedBy} /> · <Time at={push.createdAt} />
          </p>
        </li>
      )}
    </List>
  </Section>
);
