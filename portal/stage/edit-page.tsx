import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ApiProblem } from "../../client/index.ts";
import type { FieldValues } from "../../shared/domain/entities/entity.ts";
import type { ApiChange } from "../../shared/api/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { type EntityForm, useEntities, useMe, useStaged } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { Load } from "../parts/load.tsx";
import { Page } from "../parts/page.tsx";
import { Fields, focusRefused } from "./fields.tsx";
import { changedValues, typedFrom } from "./form-values.ts";
import { type Refused, nothingRefused, refusedFields } from "./refused-fields.ts";
import { TargetChoice } from "./target-choice.tsx";

export const EditPage = ({ number }: { number: number }): ReactNode => {
  const staged = useStaged();
  const entities = useEntities();
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
                return entity && <EditForm change={change} entity={entity} />;
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

const EditForm = ({ change, entity }: { change: ApiChange; entity: EntityForm }): ReactNode => {
  const client = useClient();
  const me = useMe().data;
  const [, navigate] = useLocation();
  // As it was when the form was opened: somebody else's edit does not take away what is typed.
  const [before] = useState(() => ({ typed: typedFrom(entity.fields, change.payload), targets: change.targets }));
  const [typed, setTyped] = useState(before.typed);
  const [targets, setTargets] = useState<readonly string[]>(before.targets);
  const [refused, setRefused] = useState<Refused>(nothingRefused);
  const edit = useAction({
    run: (input: Input, options) => client.editStaged({ number: change.number }, input, options),
    done: ({ change: { number, summary } }) => `Change ${number} is now: ${summary}.`,
    affects: () => [keys.staged],
    onRefused: (problem: ApiProblem) => {
      const told = refusedFields(problem);
      if (told) setRefused(told);
      return told !== null;
    },
  });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setRefused(nothingRefused);
    const payload = changedValues(entity.fields, before.typed, typed);
    const hasOtherTargets = targets.join() !== before.targets.join();
    if (Object.keys(payload).length === 0 && !hasOtherTargets) {
      navigate("/");
      return;
    }
    const made = await edit.start({
      ...(Object.keys(payload).length > 0 && { payload }),
      ...(hasOtherTargets && { targets: [...targets] }),
    });
    if (made) navigate("/");
    else focusRefused(form);
  };
  return (
    <form className="panel form" noValidate onSubmit={(event) => void submit(event)}>
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
        onChange={setTyped}
        errors={refused.fields}
        isComplete={change.action === "CREATE"}
      />
      {me && <TargetChoice all={me.targets} chosen={targets} onChange={setTargets} />}
      <footer className="buttons">
        <button type="submit" className="button primary" aria-disabled={edit.isBusy || targets.length === 0}>
          {edit.isBusy ? "Saving…" : "Save"}
        </button>
        <Link href="/" className="button">
          Cancel
        </Link>
      </footer>
    </form>
  );
};
