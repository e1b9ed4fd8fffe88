import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import type { FieldValues } from "../../shared/domain/entities/entity.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { type EntityForm, type Me, useEntities, useMe } from "../data/queries.ts";
import { type Action, useAction } from "../data/use-action.ts";
import { Load } from "../parts/load.tsx";
import { Page } from "../parts/page.tsx";
import { allOf } from "../words/words.ts";
import { Fields, focusRefused } from "./fields.tsx";
import { type Typed, changedValues } from "./form-values.ts";
import { type Refused, nothingRefused, refusedFields } from "./refused-fields.ts";
import { type PickedRow, RowPicker } from "./row-picker.tsx";
import { TargetChoice } from "./target-choice.tsx";

const kinds = [
  ["UPDATE", "Change a row"],
  ["CREATE", "Add a row"],
  ["DELETE", "Remove a row"],
] as const;
type Kind = (typeof kinds)[number][0];

interface Input {
  action: Kind;
  entityType: string;
  entityId?: string;
  payload?: FieldValues;
  targets: string[];
}

export const StagePage = (): ReactNode => {
  const entities = useEntities();
  const me = useMe().data;
  return (
    <Page title="Stage a change" lead={<p>Nothing is touched until it is committed, approved and pushed.</p>}>
      <Load query={entities} what="the kinds of rows">
        {(all) => me && <StageForm entities={all} me={me} />}
      </Load>
    </Page>
  );
};

/** @param refuse told what is wrong with which field */
const useStage = (refuse: (refused: Refused) => void): Action<Input, unknown> => {
  const client = useClient();
  const { nameOf } = usePeople();
  return useAction({
    run: (input: Input, options) => client.stageChange(input, options),
    done: ({ change, notAsked, alsoStagedBy }) =>
      [
        `Staged as change ${change.number}: ${change.summary}.`,
        ...(alsoStagedBy.length > 0 ? [`${allOf(alsoStagedBy.map(nameOf))} staged a change to it too.`] : []),
        ...(notAsked.length > 0 ? [`${allOf(notAsked)} could not be asked; the push looks again.`] : []),
      ].join(" "),
    affects: () => [keys.staged, keys.needs],
    onRefused: (problem) => {
      const told = refusedFields(problem);
      if (told) refuse(told);
      return told !== null;
    },
  });
};

const StageForm = ({ entities, me }: { entities: EntityForm[]; me: Me }): ReactNode => {
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const linked = params.get("row");
  const [action, setAction] = useState<Kind>("UPDATE");
  const [type, setType] = useState<string>(params.get("type") ?? entities[0]?.type ?? "");
  const [row, setRow] = useState<PickedRow | null>(
    linked === null ? null : { id: linked, name: params.get("name") ?? linked },
  );
  const [typed, setTyped] = useState<Typed>({});
  const [targets, setTargets] = useState<readonly string[]>(me.targets);
  const [refused, setRefused] = useState<Refused>(nothingRefused);
  const entity = entities.find((each) => each.type === type) ?? entities[0];

  const stage = useStage(setRefused);
  if (!entity) return null;
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setRefused(nothingRefused);
    if (action !== "CREATE" && row === null) {
      setRefused({ fields: {}, row: "Say which row." });
      focusRefused(form);
      return;
    }
    const made = await stage.start({
      action,
      entityType: entity.type,
      targets: [...targets],
      ...(action !== "CREATE" && row && { entityId: row.id }),
      ...(action !== "DELETE" && { payload: changedValues(entity.fields, {}, typed) }),
    });
    if (made) navigate("/");
    else focusRefused(form);
  };

  return (
    <form className="panel form" noValidate onSubmit={(event) => void submit(event)}>
      <fieldset className="segments">
        <legend>What to do</legend>
        {kinds.map(([value, words]) => (
          <label key={value}>
            <input type="radio" name="action" checked={action === value} onChange={() => setAction(value)} />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="entity-type">Kind of row</label>
        <select
          id="entity-type"
          value={entity.type}
          onChange={(event) => {
            setType(event.target.value);
            setRow(null);
            setTyped({});
            setRefused(nothingRefused);
          }}
        >
          {entities.map((each) => (
            <option key={each.type} value={each.type}>
              {each.label}
            </option>
          ))}
        </select>
      </div>
      {action !== "CREATE" && (
        <RowPicker key={entity.type} entityType={entity.type} picked={row} onPick={setRow} error={refused.row} />
      )}
      {action === "UPDATE" && <p className="hint">Fields that stay empty are left as they are.</p>}
      {action !== "DELETE" && (
        <Fields
          entity={entity}
          typed={typed}
          onChange={setTyped}
          errors={refused.fields}
          isComplete={action === "CREATE"}
        />
      )}
      <TargetChoice all={me.targets} chosen={targets} onChange={setTargets} />
      <footer className="buttons">
        <button type="submit" className="button primary" aria-disabled={stage.isBusy || targets.length === 0}>
          {stage.isBusy ? "Staging…" : "Stage"}
        </button>
        <Link href="/" className="button">
          Cancel
        </Link>
      </footer>
    </form>
  );
};
