import type { ReactNode } from "react";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { Link } from "wouter";
import type { ApiPush } from "../../../shared/contract/resources.ts";
import { CommitButtons } from "../commits/actions.tsx";
import { useCommit, usePush } from "../data/queries.ts";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { AuthorWords } from "../components/author-words.tsx";
import { Person } from "../components/person.tsx";
import { Progress } from "../components/progress.tsx";
import { Section } from "../components/section.tsx";
import { Pill, stateOfPush } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { Jobs } from "./jobs.tsx";
import { Timeline } from "./timeline.tsx";

export const PushPage = ({ number }: { number: number }): ReactNode => {
  const query = usePush(number);
  const push = query.data;
  return (
    <Page title={`Push ${number}`} lead={push && <Lead push={push} />} aside={push && <Pill {...stateOfPush(push)} />}>
      <Load query={query} what={`push ${number}`}>
        {(all) => <Whole push={all} />}
      </Load>
    </Page>
  );
};

const Lead = ({ push }: { push: ApiPush }): ReactNode => {
  const commit = useCommit(push.commit).data;
  return (
    <>
      <p className="message">
        <Link href={`/commits/${push.commit}`}>
          <span className="number">#{push.commit}</span> {commit && summaryText(commit.summary)}
        </Link>
      </p>
      {commit && <AuthorWords author={commit.author} words={commit.message} />}
      <p className="fine">
        <Person id={push.requestedBy} /> · <Time at={push.createdAt} /> · trace {push.traceId}
      </p>
    </>
  );
};

const Whole = ({ push }: { push: ApiPush }): ReactNode => {
  const { text, tone } = stateOfPush(push);
  return (
    <>
      <Section title="Targets">
        <div className="panel">
          {push.jobs.length > 1 && (
            <Progress
              label="All targets"
              percent={push.percent}
              note={`${push.percent} %, ${text.toLowerCase()}`}
              tone={tone}
            />
          )}
          <Jobs push={push} />
          <PushButtons push={push} />
        </div>
      </Section>
      <Timeline push={push} />
    </>
  );
};

/** Retry and cancel act on the commit's newest push. */
const PushButtons = ({ push }: { push: ApiPush }): ReactNode => {
  const commit = useCommit(push.commit).data;
  return commit?.pushes[0]?.number === push.number && <CommitButtons commit={commit} only={["retry", "cancel"]} />;
};
