/** What somebody else has changed under a commit: three values for each field, and what to do about them. */
import { type ReactNode, useState } from "react";
import type { ApiCommitDetail } from "../../../shared/contract/resources.ts";
import { isClosedCommit } from "../../../shared/domain/states.ts";
import { conflictMessage } from "../../../shared/messages/en/conflicts.ts";
import { Button } from "../components/button.tsx";
import { MessageText } from "../components/message-text.tsx";
import { Section } from "../components/section.tsx";
import { labelsOf } from "../data/labels.ts";
import { type Conflict, type Me, useConflicts, useMe } from "../data/queries.ts";
import { valueText } from "../messages/format.ts";
import { type CommitActions, useCommitActions } from "./use-commit-actions.ts";

type Choices = Parameters<CommitActions["resolve"]["start"]>[0]["choices"];
type Resolve = (choices: Choices) => void;

/** Whether the reader may decide about the commit's conflicts. */
export const mayResolve = (
  { author, review }: Pick<ApiCommitDetail, "author" | "review">,
  { userId, permissions }: Pick<Me, "userId" | "permissions">,
): boolean =>
  review !== "rejected" &&
  permissions.includes("resolve") &&
  (author === userId || permissions.includes("changeOthers"));

/** Nothing where nobody has changed its rows. */
export const Conflicts = ({ commit }: { commit: ApiCommitDetail }): ReactNode => {
  const isOpen = !isClosedCommit(commit) && commit.targets.some(({ state }) => state !== "applied");
  const list = useConflicts(commit.number, isOpen).data;
  const me = useMe().data;
  const actions = useCommitActions(commit);
  if (!isOpen || !list || list.conflicts.length === 0) return null;
  const { conflicts, seen } = list;
  const isMine = me !== undefined && mayResolve(commit, me);
  const resolve: Resolve = (choices) => void actions.resolve.start({ choices, seen });
  const canDecide = isMine && conflicts.some(({ kind }) => kind !== "not_yet");
  return (
    <Section title="Conflicts" count={conflicts.length}>
      <p className="fine">
        Somebody else has changed these rows since the commit was made, so it cannot be pushed as it is.
        {!isMine && " Its author or an admin resolves them."}
      </p>
      {canDecide && (
        <div className="buttons">
          <Button isSmall look="primary" aria-disabled={actions.isBusy} onClick={() => resolve([{ take: "mine" }])}>
            Keep all of mine
          </Button>
          <Button isSmall aria-disabled={actions.isBusy} onClick={() => resolve([{ take: "theirs" }])}>
            Take all of theirs
          </Button>
        </div>
      )}
      {conflicts.map((conflict) => (
        <RowConflict
          key={`${conflict.entityType}/${conflict.entityId}/${conflict.targets.join()}`}
          conflict={conflict}
          resolve={isMine ? resolve : null}
          isBusy={actions.isBusy}
        />
      ))}
    </Section>
  );
};

interface RowProps {
  conflict: Conflict;
  /** Null where the reader may not. */
  resolve: Resolve | null;
  isBusy: boolean;
}

const RowConflict = ({ conflict, resolve, isBusy }: RowProps): ReactNode => {
  const { kind, action, entityType, entityId, name, targets, fields } = conflict;
  const row = { entityType, entityId };
  const isWhole = kind !== "changed" || action === "DELETE";
  const title = `${name} at ${targets.join(" and ")}`;
  return (
    <div className="conflict">
      <h3>{title}</h3>
      {isWhole && (
        <p>
          <MessageText message={conflictMessage(conflict)} />
        </p>
      )}
      {fields.length > 0 && <Values conflict={conflict} resolve={isWhole ? null : resolve} isBusy={isBusy} />}
      {resolve && isWhole && kind !== "not_yet" && (
        <div className="buttons">
          <Button isSmall aria-disabled={isBusy} onClick={() => resolve([{ take: "mine", ...row }])}>
            {action === "DELETE" ? "Delete anyway" : "Create again"}
          </Button>
          <Button isSmall aria-disabled={isBusy} onClick={() => resolve([{ take: "theirs", ...row }])}>
            {action === "DELETE" ? "Take back the deletion" : "Drop the change"}
          </Button>
        </div>
      )}
    </div>
  );
};

const Values = ({ conflict, resolve, isBusy }: RowProps): ReactNode => {
  const { kind, action, entityType, entityId, fields } = conflict;
  const { labelOf } = labelsOf(entityType);
  const row = { entityType, entityId };
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">When staged</th>
          <th scope="col">Live now</th>
          <th scope="col">Yours</th>
          {resolve && <th scope="col">Choose</th>}
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, base, live, yours }) => (
          <tr key={field}>
            <th scope="row">{labelOf(field)}</th>
            <td>{valueText(base) || "empty"}</td>
            <td>{kind === "gone" ? "gone" : valueText(live) || "empty"}</td>
            <td>{action === "DELETE" ? "deleted" : valueText(yours) || "empty"}</td>
            {resolve && (
              <td>
                <FieldChoice
                  label={labelOf(field)}
                  isBusy={isBusy}
                  take={(take) => resolve([{ take, ...row, field }])}
                  set={(value) => resolve([{ take: "value", value, ...row, field }])}
                />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

interface ChoiceProps {
  label: string;
  isBusy: boolean;
  take: (take: "mine" | "theirs") => void;
  set: (value: string) => void;
}

const FieldChoice = ({ label, isBusy, take, set }: ChoiceProps): ReactNode => {
  const [text, setText] = useState<string | null>(null);
  return text === null ? (
    <div className="buttons">
      <Button isSmall aria-disabled={isBusy} aria-label={`Keep mine: ${label}`} onClick={() => take("mine")}>
        Keep mine
      </Button>
      <Button isSmall aria-disabled={isBusy} aria-label={`Take theirs: ${label}`} onClick={() => take("theirs")}>
        Take theirs
      </Button>
      <Button isSmall aria-label={`Another value: ${label}`} onClick={() => setText("")}>
        Edit…
      </Button>
    </div>
  ) : (
    <form
      className="buttons"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) set(text);
      }}
    >
      <input aria-label={`Another value of ${label}`} value={text} onChange={(event) => setText(event.target.value)} />
      <Button isSmall type="submit" aria-disabled={isBusy}>
        Set value
      </Button>
      <Button isSmall onClick={() => setText(null)}>
        Cancel
      </Button>
    </form>
  );
};
