/** The form in which one change is staged: what it shows, as a pure function of what was read. */
import type { KnownBlock, RadioButtons } from "@slack/types";
import * as z from "zod/mini";
import { type Action, actions } from "../../../shared/domain/staging/change.ts";
import { valueText } from "../../../shared/domain/staging/list-text.ts";
import { maxRowIdLength } from "../../../shared/domain/portfolio/row-id.ts";
import { type EntityType, entities, entityOf, entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { blocksOf, context, listSections, section } from "../blocks/blocks.ts";
import { actionLabels } from "../components/change-lines.ts";
import type { OfferedRow, OfferedRows } from "./typeahead/offered-rows.ts";
import { rowOption, staleText, valueLength } from "./typeahead/rows.ts";
import { code, quoted } from "../blocks/text.ts";
import { type FieldPlace, fieldBlocks, valueDigests } from "./entity-fields.ts";
import { input, option, select, textInput } from "../core/modals/inputs.ts";
import { formView } from "../core/modals/modal.ts";
import { targetBlocks } from "./target-input.ts";
import { type StageIntent, carriedThrough } from "./stage-intent.ts";

export const stageTitle = "Stage a change";

/** As JSON at most 3,000 characters: texts in `carried` are cut by whoever makes them. */
export const stageMetadata = z.object({
  carried: carriedThrough,
  /** For what the fields stand, and digests of what they contained at first. */
  shown: z.object({
    entityType: z.enum(entityTypes),
    action: z.enum(actions),
    row: z.nullable(z.string()),
    before: z.record(z.string(), z.string()),
  }),
});
type StageMetadata = z.infer<typeof stageMetadata>;

export interface StageForm extends StageIntent {
  targetNames: string[];
  offered: OfferedRows;
  /** The row that is asked for, as its author has left it. */
  found: OfferedRow | null;
}

export const rowBlockId = (entityType: EntityType): string => `row:${entityType}`;
export const rowIdBlockId = (entityType: EntityType): string => `id:${entityType}`;

export const placeOf = ({ entityType, row }: { entityType: EntityType; row: string | null }): FieldPlace => ({
  entityType,
  row: row ?? "",
});

const actionButtons = (action: Action): RadioButtons => ({
  type: "radio_buttons",
  options: actions.map((each) => option(actionLabels[each], each)),
  initial_option: option(actionLabels[action], action),
});

/** Nobody can say which rows there are: the id is typed, and the fields begin empty. */
const isBlind = ({ action, offered }: StageForm): boolean =>
  action !== "CREATE" && offered.cached === null && offered.rows.length === 0;

/** An option cannot carry its id. */
const isTooLong = (found: OfferedRow | null): boolean => found !== null && found.id.length > valueLength;

const rowBlocks = (form: StageForm): KnownBlock[] => {
  const { entityType, action, found, row, offered } = form;
  const { label } = entityOf(entityType);
  if (action === "CREATE") return [];
  if (isBlind(form) || isTooLong(found)) {
    return blocksOf(
      input(
        { id: rowIdBlockId(entityType), label: `Id of the ${label.toLowerCase()}`, hint: "Such as python-1." },
        textInput({ initial: found?.id ?? row ?? "", maxLength: maxRowIdLength }),
      ),
      isBlind(form) &&
        context(
          ":warning: No target answers, so the rows and their values are unknown. What you fill in is staged; the push looks again.",
        ),
    );
  }
  const chosen = found ? { initial_option: rowOption(found) } : {};
  const { target = "", staleMs = null } = offered.cached ?? {};
  return blocksOf(
    input(
      { id: rowBlockId(entityType), label, dispatch: true, hint: "Type a part of its name or id." },
      { type: "external_select", min_query_length: 0, ...chosen },
    ),
    row !== null && !found && context(`:warning: There is no ${entityType} ${code(row, 80)}. Choose one above.`),
    staleMs !== null && context(`:warning: ${quoted(staleText(target, staleMs))}.`),
  );
};

const removalBlocks = ({ found, entityType }: StageForm): KnownBlock[] => {
  if (!found) return [];
  const { fields } = entityOf(entityType);
  const lines = Object.entries(fields).flatMap(([name, { label }]) => {
    const text = valueText(found.values[name]);
    return text === "" ? [] : [`•  ${quoted(label)}: ${quoted(text, 200)}`];
  });
  return [section([`*${quoted(found.name)}* will be removed:`, ...lines].join("\n"))];
};

const contentBlocks = (form: StageForm): KnownBlock[] => {
  const { action, found, proposed } = form;
  if (action === "DELETE") return removalBlocks(form);
  if (action === "UPDATE" && !found && !isBlind(form)) return [];
  return fieldBlocks(placeOf(shownOf(form)), found?.values ?? null, proposed, !isBlind(form));
};

/** What of a message is in no input of its form: nothing of it is dropped without a word. */
export const notUnderstoodBlocks = (texts: readonly string[]): KnownBlock[] =>
  texts.length === 0
    ? []
    : listSections(
        [":warning: *Not understood, or nothing to change:*", ...texts.map((text) => `•  ${quoted(text, 200)}`)],
        2500,
      );

const shownOf = ({ entityType, action, found }: StageForm): StageMetadata["shown"] => ({
  entityType,
  action,
  row: found?.id ?? null,
  before: valueDigests(entityType, found?.values ?? {}),
});

export const stageView = (form: StageForm) => {
  const { entityType, action, carried: kept } = form;
  const metadata: StageMetadata = { carried: kept, shown: shownOf(form) };
  return formView({
    name: "stage",
    title: stageTitle,
    submit: "Stage",
    metadata,
    blocks: blocksOf(
      kept.quote !== null && section(`>${quoted(kept.quote, 500)}`),
      notUnderstoodBlocks(kept.notUnderstood ?? []),
      input(
        { id: "type", label: "Type", dispatch: true },
        select(
          Object.values(entities).map(({ type, label }) => option(label, type)),
          entityType,
        ),
      ),
      input({ id: "action", label: "Action", dispatch: true }, actionButtons(action)),
      rowBlocks(form),
      contentBlocks(form),
      targetBlocks(form.targetNames, form.targets),
    ),
  });
};
