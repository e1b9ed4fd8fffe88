import { Fragment, type ReactNode, useState } from "react";
import { Link } from "wouter";
import type { ApiChange, ApiStagedChange } from "../../../shared/contract/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { type Me, firstPage, maxStaged, useMe, useStaged } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { AuthorWords } from "../components/author-words.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { ActionSign, FieldDiffs, RowKind } from "../components/diff.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Overlaps } from "../components/overlaps.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { ShowMore } from "../components/show-more.tsx";
import { Time } from "../components/time.tsx";
import { CommitDialog } from "./commit-dialog.tsx";

/** Staged changes of all people, the reader's first. */
export const Staged = (): ReactNode => {
  const me = useMe().data;
  const [limit, setLimit] = useState(firstPage);
  const staged = useStaged(limit);
  const [isCommitting, setCommitting] = useState(false);
  const { count = 0, ownCount = 0 } = staged.data ?? {};
  const mayCommit = ownCount > 0 && me?.permissions.includes("commit") === true;
  return (
    <Section
      title="Staged changes"
      id="staged"
      count={count}
      aside={
        mayCommit && (
          <Button look="primary" isSmall onClick={() => setCommitting(true)}>
            Commit…
          </Button>
        )
      }
    >
      <Load query={staged} what="staged changes">
        {({ changes }) =>
          me && (
            <>
              <List
                className="rows"
                testId="staged"
                items={changes}
                empty="Nothing is staged. A change stays here until it is committed, and targets change only with a push."
              >
                {(change) => <StagedRow key={change.number} change={change} me={me} />}
              </List>
              <ShowMore
                what="staged change"
                left={Math.min(count, maxStaged) - changes.length}
                isBusy={staged.isFetching}
                onMore={() => setLimit(Math.min(maxStaged, limit + 80))}
              />
            </>
          )
        }
      </Load>
      {isCommitting && me && <CommitDialog me={me} close={() => setCommitting(false)} />}
    </Section>
  );
};

const StagedRow = ({ change, me }: { change: ApiStagedChange; me: Me }): ReactNode => {
  const isMine = change.author === me.userId;
  const mayChange = isMine ? me.permissions.includes("stage") : me.permissions.includes("changeOthers");
  return (
    <li className="row" data-testid={`change-${change.number}`}>
      <ActionSign action={change.action} />
      <div className="row-main">
        <h3>
          {change.name} <RowKind {...change} />
        </h3>
        {change.operations.map((operation) => (
          <Fragment key={operation.targets.join()}>
            {operation.targets.length < change.targets.length && (
              <p className="fine">At {operation.targets.join(" and ")}</p>
            )}
            <FieldDiffs {...operation} />
          </Fragment>
        ))}
        {change.note !== null && <AuthorWords author={change.author} words={change.note} />}
        <p className="fine">
          Change {change.number} · {isMine ? "yours" : <Person id={change.author} />} · <Time at={change.createdAt} /> ·
          to {change.targets.join(", ")}
        </p>
        <Overlaps overlaps={change.overlaps} rows={[change]} />
      </div>
      {mayChange && (
        <div className="buttons">
          {change.action !== "DELETE" && (
            <Link
              href={`/staged/${change.number}`}
              className="button small"
              aria-label={`Edit change ${change.number}, ${change.name}`}
            >
              Edit
            </Link>
          )}
          <Remove change={change} />
        </div>
      )}
    </li>
  );
};

const Remove = ({ change: { number, name, summary } }: { change: ApiChange }): ReactNode => {
  const client = useClient();
  const [isAsked, setAsked] = useState(false);
  const remove = useAction({
    run: (_: void, options) => client.unstage({ number }, options),
    done: () => `Change ${number} is removed.`,
    affects: [keys.staged, keys.actionItems],
  });
  return (
    <>
      <Button isSmall aria-label={`Remove change ${number}, ${name}`} onClick={() => setAsked(true)}>
        Remove
      </Button>
      {isAsked && (
        <Dialog
          isDangerous
          title={`Remove change ${number}?`}
          yes="Remove it"
          no="Keep it"
          isBusy={remove.isBusy}
          onNo={() => setAsked(false)}
          onYes={() => void remove.start().then((reply) => reply && setAsked(false))}
        >
          <p>{summary}</p>
          <p className="fine">The change is discarded. You can stage it again.</p>
        </Dialog>
      )}
    </>
  );
};
