import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { type Me, useMe, useStaged } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { Confirm } from "../components/dialog.tsx";
import { ActionSign, FieldDiffs, RowKind } from "../components/diff.tsx";
import { Load } from "../components/load.tsx";
import { Person } from "../components/person.tsx";
import { Time } from "../components/time.tsx";
import { CommitDialog } from "./commit-dialog.tsx";

/** Staged changes of all people, the reader's first. */
export const Staged = (): ReactNode => {
  const me = useMe().data;
  const staged = useStaged();
  const [isCommitting, setCommitting] = useState(false);
  const own = (staged.data ?? []).filter(({ author }) => author === me?.userId);
  return (
    <section aria-labelledby="staged-title">
      <header className="section-head">
        <h2 id="staged-title">
          Staged changes {staged.data && staged.data.length > 0 && <span className="count">{staged.data.length}</span>}
        </h2>
        {own.length > 0 && me?.permissions.includes("commit") === true && (
          <button type="button" className="button primary small" onClick={() => setCommitting(true)}>
            Commit…
          </button>
        )}
      </header>
      <Load query={staged} what="the staged changes">
        {(changes) =>
          me === undefined ? null : changes.length === 0 ? (
            <p className="empty">
              Nothing is staged. A change stays here until it is committed; nothing is touched before it is pushed.
            </p>
          ) : (
            <ul className="rows" data-testid="staged">
              {[...own, ...changes.filter(({ author }) => author !== me.userId)].map((change) => (
                <StagedRow key={change.number} change={change} me={me} />
              ))}
            </ul>
          )
        }
      </Load>
      {isCommitting && <CommitDialog changes={own} close={() => setCommitting(false)} />}
    </section>
  );
};

const StagedRow = ({ change, me }: { change: ApiChange; me: Me }): ReactNode => {
  const isMine = change.author === me.userId;
  const mayChange = isMine ? me.permissions.includes("stage") : me.permissions.includes("changeOthers");
  return (
    <li className="row" data-testid={`change-${change.number}`}>
      <ActionSign action={change.action} />
      <div className="row-main">
        <h3>
          {change.name} <RowKind {...change} />
        </h3>
        <FieldDiffs {...change} />
        <p className="fine">
          Change {change.number} · {isMine ? "yours" : <Person id={change.author} />} · <Time at={change.createdAt} /> ·
          to {change.targets.join(", ")}
        </p>
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
    run: (_: object, options) => client.unstage({ number }, options),
    done: () => `Change ${number} is removed.`,
    affects: () => [keys.staged, keys.actionItems],
  });
  return (
    <>
      <button
        type="button"
        className="button small"
        aria-label={`Remove change ${number}, ${name}`}
        onClick={() => setAsked(true)}
      >
        Remove
      </button>
      {isAsked && (
        <Confirm
          isDangerous
          title={`Remove change ${number}?`}
          yes="Remove it"
          no="Keep it"
          isBusy={remove.isBusy}
          onNo={() => setAsked(false)}
          onYes={() => void remove.start({}).then((reply) => reply && setAsked(false))}
        >
          <p>{summary}</p>
          <p className="fine">It is discarded. To have it again, stage it again.</p>
        </Confirm>
      )}
    </>
  );
};
