import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { type EntityForm, type Me, maxStaged, useEntities, useMe, useStaged } from "../data/queries.ts";
import { useDraft } from "../data/use-draft.ts";
import { DraftNote } from "../components/draft-note.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { ChangeForm } from "./change-form.tsx";
import { changedTexts, editDraft } from "./entered.ts";
import { changedValues, typedFrom } from "./form-values.ts";
import { useChangeForm } from "./use-change-form.ts";

export const EditPage = ({ number }: { number: number }): ReactNode => {
  const staged = useStaged(maxStaged);
  const entities = useEntities();
  const me = useMe().data;
  return (
    <Page title={`Edit change ${number}`}>
      <Load query={staged} what={`change ${number}`}>
        {({ changes }) => {
          const change = changes.find((each) => each.number === number);
          if (!change) return <Gone number={number} />;
          return (
            <Load query={entities} what="its fields">
              {(all) => {
                const entity = all.find(({ type }) => type === change.entityType);
                return entity && me && <EditForm change={change} entity={entity} me={me} />;
              }}
            </Load>
          );
        }}
      </Load>
    </Page>
  );
};

const Gone = ({ number }: { number: number }): ReactNode => (
  <p className="empty">
    Change {number} is not staged: it was committed or removed. <Link href="/">Go to your work</Link>.
  </p>
);

interface Input {
  payload?: FieldValues;
  targets?: string[];
}

const EditForm = ({ change, entity, me }: { change: ApiChange; entity: EntityForm; me: Me }): ReactNode => {
  const client = useClient();
  // A snapshot from when the form was opened, so that an edit by others does not replace typed text.
  const [before] = useState(() => ({ typed: typedFrom(entity.fields, change.payload), targets: change.targets }));
  const draft = useDraft(`staged/${change.number}`, editDraft);
  const [left, setLeft] = useState(draft.left);
  const [entered, setEntered] = useState({
    typed: { ...before.typed, ...left?.changed },
    targets: left?.targets ?? before.targets,
  });
  const { typed, targets } = entered;
  const enter = (now: Partial<typeof entered>): void => {
    const all = { ...entered, ...now };
    setEntered(all);
    const changed = changedTexts(before.typed, all.typed);
    if (Object.keys(changed).length === 0 && all.targets.join() === before.targets.join()) draft.forget();
    else draft.keep({ changed, targets: all.targets });
  };
  const startOver = (): void => {
    draft.forget();
    setLeft(null);
    setEntered(before);
  };
  const form = useChangeForm(
    {
      run: (input: Input, options) => client.editStaged({ number: change.number }, input, options),
      done: ({ number, summary }) => `Change ${number} is now: ${summary}.`,
      affects: [keys.staged],
    },
    draft.forget,
  );
  const submit = (): void => {
    const payload = changedValues(entity.fields, before.typed, typed);
    const hasOtherValues = Object.keys(payload).length > 0;
    const hasOtherTargets = targets.join() !== before.targets.join();
    if (!hasOtherValues && !hasOtherTargets) return form.leave();
    void form.send({ ...(hasOtherValues && { payload }), ...(hasOtherTargets && { targets: [...targets] }) });
  };
  return (
    <ChangeForm
      state={form}
      className="panel form"
      fields={entity.fields}
      isComplete={change.action === "CREATE"}
      typed={typed}
      targets={targets}
      allTargets={me.targets}
      onChange={enter}
      onSubmit={submit}
      onCancel={draft.forget}
      submit="Save"
      busy="Saving…"
    >
      {left && <DraftNote startOver={startOver} />}
      <p>
        <strong>{change.name}</strong>{" "}
        <span className="fine">
          {entity.label} · {change.entityId}
        </span>
      </p>
      {change.action === "UPDATE" && <p className="fine">Empty fields are not part of the change.</p>}
    </ChangeForm>
  );
};
