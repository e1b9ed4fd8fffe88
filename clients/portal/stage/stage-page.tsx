import { similarRowsMessage } from "../../../shared/messages/en/similar-rows.ts";
import { type ReactNode, useState } from "react";
import { useSearchParams } from "wouter";
import { notAskedMessage } from "../../../shared/messages/en/staging.ts";
import { overlapMessages } from "../../../shared/messages/en/overlaps.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import {
  type EntityForm,
  type Me,
  type Row,
  maxStaged,
  useEntities,
  useMe,
  useRows,
  useStaged,
} from "../data/queries.ts";
import { type Draft, useDraft } from "../data/use-draft.ts";
import { DraftNote } from "../components/draft-note.tsx";
import { Load, Loading } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { ChangeForm } from "./change-form.tsx";
import { type Entered, type StageDraft, draftOf, enteredAtFirst, matchesLink, stageDraft } from "./entered.ts";
import { changedValues, typedFrom } from "./form-values.ts";
import { nothingRefused } from "./refused-fields.ts";
import { RowPicker } from "./row-picker.tsx";
import { withStaged } from "./rows.ts";
import { type ChangeFormState, useChangeForm } from "./use-change-form.ts";

const actions = [
  ["UPDATE", "Change a row"],
  ["CREATE", "Add a row"],
  ["DELETE", "Remove a row"],
] as const;
type ChangeAction = StageDraft["action"];

interface Input {
  action: ChangeAction;
  entityType: string;
  entityId?: string;
  payload?: FieldValues;
  targets: string[];
}

export const StagePage = (): ReactNode => {
  const entities = useEntities();
  const me = useMe().data;
  return (
    <Page title="Stage a change" lead={<p>Targets change only after it is committed, approved and pushed.</p>}>
      <Load query={entities} what="entity types">
        {(all) => me && <StageForm entities={all} me={me} />}
      </Load>
    </Page>
  );
};

const useStageForm = (discardDraft: () => void): ChangeFormState<Input> => {
  const client = useClient();
  const { nameOf } = usePeople();
  return useChangeForm(
    {
      run: (input, options) => client.stageChange(input, options),
      done: ({ number, summary, meta: { notAsked, similar, overlaps }, ...change }) =>
        [
          `Staged as change ${number}: ${summary}.`,
          ...(similar.length > 0 ? [plainText(similarRowsMessage(change.entityType, similar))] : []),
          ...overlapMessages(overlaps, { person: nameOf, nameOf: () => change.name }).map((each) => plainText(each)),
          plainText(notAskedMessage(change, notAsked)),
        ]
          .filter((sentence) => sentence !== "")
          .join(" "),
      affects: [keys.staged, keys.actionItems],
    },
    discardDraft,
  );
};

const StageForm = ({ entities, me }: { entities: EntityForm[]; me: Me }): ReactNode => {
  const [params] = useSearchParams();
  const draft = useDraft("stage", stageDraft);
  const [left, setLeft] = useState(() => (matchesLink(draft.left, params) ? draft.left : null));
  const [action, setAction] = useState<ChangeAction>(left?.action ?? "UPDATE");
  const [type, setType] = useState<string>(params.get("type") ?? left?.type ?? "");
  const entity = entities.find((each) => each.type === type) ?? entities[0];
  if (!entity) return null;
  const isLeft = left !== null && left.action === action && left.type === entity.type;
  const shared = { action, entity, me, draft: { ...draft, left: isLeft ? left : null } };
  /** Opens a new, empty form. */
  const choose = (nowAction: ChangeAction, nowType: string): void => {
    setLeft(null);
    setAction(nowAction);
    setType(nowType);
  };
  const startOver = (): void => {
    draft.forget();
    setLeft(null);
  };
  return (
    <div className="panel form">
      {isLeft && <DraftNote startOver={startOver} />}
      <fieldset className="segments">
        <legend>Action</legend>
        {actions.map(([value, label]) => (
          <label key={value}>
            <input type="radio" name="action" checked={action === value} onChange={() => choose(value, entity.type)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="entity-type">Entity type</label>
        <select id="entity-type" value={entity.type} onChange={(event) => choose(action, event.target.value)}>
          {entities.map((each) => (
            <option key={each.type} value={each.type}>
              {each.label}
            </option>
          ))}
        </select>
      </div>
      {action === "CREATE" ? (
        <Entry key={`${entity.type} ${isLeft}`} {...shared} rows={null} />
      ) : (
        <EntryOfRow key={`${action} ${entity.type} ${isLeft}`} {...shared} />
      )}
    </div>
  );
};

interface EntryProps {
  action: ChangeAction;
  entity: EntityForm;
  me: Me;
  draft: Draft<StageDraft>;
}

const EntryOfRow = (props: EntryProps): ReactNode => {
  const rows = useRows(props.entity.type);
  const staged = useStaged(maxStaged, props.me.userId).data;
  if (staged === undefined || rows.isPending) return <Loading text="Loading rows…" />;
  return (
    <Entry
      {...props}
      rows={withStaged(rows.data ?? [], props.entity.type, staged.changes)}
      isUnanswered={rows.isError}
    />
  );
};

/** @param rows null for a new row */
const Entry = ({
  action,
  entity,
  me,
  draft,
  rows,
  isUnanswered = false,
}: EntryProps & { rows: readonly Row[] | null; isUnanswered?: boolean }): ReactNode => {
  const [params] = useSearchParams();
  // A snapshot from when the row was chosen, so that an edit by others does not replace typed text.
  const [entered, setEntered] = useState(() =>
    enteredAtFirst({ entity, rows, left: draft.left, rowId: params.get("row"), targets: me.targets }),
  );
  const { row, rowTyped, typed, targets } = entered;
  const before = typedFrom(entity.fields, row?.values ?? {});
  const enter = (now: Partial<Entered>): void => {
    const all = { ...entered, ...now };
    setEntered(all);
    const unsent = draftOf(all, action, entity);
    if (unsent.rowTyped === "" && Object.keys(unsent.changed).length === 0) draft.forget();
    else draft.keep(unsent);
  };
  const form = useStageForm(draft.forget);
  const entityId = row?.id ?? rowTyped.trim();
  const submit = (): void => {
    if (rows !== null && entityId === "") return form.refuse({ fields: {}, row: "Choose a row." });
    void form.send({
      action,
      entityType: entity.type,
      targets: [...targets],
      ...(rows !== null && { entityId }),
      ...(action !== "DELETE" && { payload: changedValues(entity.fields, before, typed) }),
    });
  };
  const pick = (picked: Row | null, text: string): void => {
    if (picked?.id === row?.id) return enter({ rowTyped: text });
    enter({ rowTyped: text, row: picked, typed: typedFrom(entity.fields, picked?.values ?? {}) });
    form.refuse(nothingRefused);
  };
  const hasFields = action === "CREATE" || (action === "UPDATE" && (row !== null || isUnanswered));
  return (
    <ChangeForm
      state={form}
      className="form"
      fields={hasFields ? entity.fields : []}
      isComplete={action === "CREATE"}
      typed={typed}
      targets={targets}
      allTargets={me.targets}
      onChange={enter}
      onSubmit={submit}
      onCancel={draft.forget}
      submit="Stage"
      busy="Staging…"
    >
      {rows !== null && (
        <RowPicker
          rows={rows}
          picked={row}
          typedBefore={rowTyped}
          onPick={pick}
          error={form.refused.row}
          hint={
            isUnanswered
              ? "The targets do not answer: type the row's id. Empty fields stay as they are."
              : "Type its name or its id."
          }
        />
      )}
    </ChangeForm>
  );
};
