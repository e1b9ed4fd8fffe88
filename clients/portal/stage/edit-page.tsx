import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ApiProblem } from "../../sdk/index.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { type EntityForm, type Me, useEntities, useMe, useStaged } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { useDraft } from "../data/use-draft.ts";
import { DraftNote } from "../components/draft-note.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { Fields, useRefusedFocus } from "./fields.tsx";
import { changedTexts, editDraft } from "./entered.ts";
import { changedValues, typedFrom } from "./form-values.ts";
import { type Refused, nothingRefused, refusedFields } from "./refused-fields.ts";
import { TargetChoice } from "./target-choice.tsx";

export const EditPage = ({ number }: { number: number }): ReactNode => {
  const staged = useStaged();
  const entities = useEntities();
  const me = useMe().data;
  return (
    <Page title={`Edit change ${number}`}>
      <Load query={staged} what={`change ${number}`}>
        {(changes) => {
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
  const [, navigate] = useLocation();
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
  const startAfresh = (): void => {
    draft.forget();
    setLeft(null);
    setEntered(before);
  };
  const [refused, setRefused] = useState<Refused>(nothingRefused);
  const form = useRefusedFocus(refused);
  const edit = useAction({
    run: (input: Input, options) => client.editStaged({ number: change.number }, input, options),
    done: ({ number, summary }) => `Change ${number} is now: ${summary}.`,
    affects: () => [keys.staged],
    onRefused: (problem: ApiProblem) => {
      const told = refusedFields(problem);
      if (told) setRefused(told);
      return told !== null;
    },
  });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setRefused(nothingRefused);
    const payload = changedValues(entity.fields, before.typed, typed);
    const hasOtherTargets = targets.join() !== before.targets.join();
    if (Object.keys(payload).length === 0 && !hasOtherTargets) {
      draft.forget();
      navigate("/");
      return;
    }
    const made = await edit.start({
      ...(Object.keys(payload).length > 0 && { payload }),
      ...(hasOtherTargets && { targets: [...targets] }),
    });
    if (made) {
      draft.forget();
      navigate("/");
    }
  };
  return (
    <form className="panel form" ref={form} noValidate onSubmit={(event) => void submit(event)}>
      {left && <DraftNote startAfresh={startAfresh} />}
      <p>
        <strong>{change.name}</strong>{" "}
        <span className="fine">
          {entity.label} · {change.entityId}
        </span>
      </p>
      {change.action === "UPDATE" && <p className="hint">Empty fields are not part of the change.</p>}
      <Fields
        entity={entity}
        typed={typed}
        onChange={(now) => enter({ typed: now })}
        errors={refused.fields}
        isComplete={change.action === "CREATE"}
      />
      <TargetChoice all={me.targets} chosen={targets} onChange={(now) => enter({ targets: now })} />
      <footer className="buttons">
        <button type="submit" className="button primary" aria-disabled={edit.isBusy || targets.length === 0}>
          {edit.isBusy ? "Saving…" : "Save"}
        </button>
        <Link href="/" className="button" onClick={draft.forget}>
          Cancel
        </Link>
      </footer>
    </form>
  );
};
