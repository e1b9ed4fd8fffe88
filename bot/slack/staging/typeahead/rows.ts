/** Typeahead for a row of the type that the input's id names: `row:technology`. */
import { duration } from "../../../../shared/messages/en/times.ts";
import { clip } from "../../../../shared/messages/message.ts";
import { isEntityType } from "../../../../shared/domain/portfolio/registry.ts";
import { stagingDesk } from "../../../../shared/use-cases/staging/staging-desk.ts";
import { targetsIn } from "../target-input.ts";
import { formValues } from "../../core/modals/values.ts";
import { option } from "../../core/modals/inputs.ts";
import { plain } from "../../core/modals/modal.ts";
import { bestMatches } from "../../../../shared/domain/staging/best-matches.ts";
import { type OfferedRow, offeredRows } from "./offered-rows.ts";
import type { Suggest, Suggestions } from "../../core/suggest.ts";

const maxOptions = 100;
const textLength = 75;
/** Slack documents 150 characters and refuses more than 75 in practice. */
export const valueLength = 75;

/** "Python · python-1" */
export const rowOption = ({ id, name, isNew }: Pick<OfferedRow, "id" | "name" | "isNew">) => {
  const rest = ` · ${id}${isNew ? " (new, staged)" : ""}`;
  return option(`${clip(name, Math.max(20, textLength - rest.length))}${rest}`, id);
};

export const suggestRows: Suggest = async ({ ctx, actionId, typed, values }) => {
  const [, entityType = ""] = actionId.split(":");
  const desk = isEntityType(entityType) ? await stagingDesk(ctx) : null;
  if (!desk?.ok || !isEntityType(entityType)) return { options: [] };
  const { rows, cached } = await offeredRows(ctx, desk.value, targetsIn(formValues(values ?? {})), entityType);
  const options = bestMatches(rows, typed, ({ id, name }) => [name, id])
    .filter(({ id }) => id.length <= valueLength)
    .slice(0, maxOptions)
    .map(rowOption);
  return cached === null ? { options } : withAge(options, cached);
};

/** Rows that no target has confirmed stand under a heading that says so. */
const withAge = (
  options: ReturnType<typeof rowOption>[],
  { target, staleMs }: { target: string; staleMs: number | null },
): Suggestions =>
  staleMs === null || options.length === 0
    ? { options }
    : { option_groups: [{ label: plain(staleText(target, staleMs), textLength), options }] };

export const staleText = (target: string, staleMs: number): string =>
  `As of ${ageText(staleMs)} ago: ${target} does not answer`;

const ageText = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return duration(ms);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};
