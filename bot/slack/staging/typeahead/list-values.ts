/** Typeahead for the items of a list field: what other rows have there, and what is typed as a new one. */
import type { textOf } from "../../../../shared/domain/portfolio/entity.ts";
import { isEntityType } from "../../../../shared/domain/portfolio/registry.ts";
import { stagingDesk } from "../../../../shared/use-cases/staging/staging-desk.ts";
import { option } from "../../core/modals/inputs.ts";
import { bestMatches } from "../../../../shared/domain/staging/best-matches.ts";
import { offeredRows } from "./offered-rows.ts";
import { valueLength } from "./rows.ts";
import type { Suggest } from "../../core/suggest.ts";

/** With the one that is added, what Slack takes. */
const maxFound = 99;

/** The input's id names the field and the type: `list:technologies:project`. */
export const suggestListValues: Suggest = async ({ ctx, actionId, typed }) => {
  const [, field = "", entityType = ""] = actionId.split(":");
  const desk = isEntityType(entityType) ? await stagingDesk(ctx) : null;
  if (!desk?.ok || !isEntityType(entityType)) return { options: [] };
  const { rows } = await offeredRows(ctx, desk.value, [], entityType);
  const items = byUse(rows.flatMap(({ values }) => itemsOf(values[field]))).filter(
    (item) => item.length <= valueLength && item.trim() !== "",
  );
  const wanted = typed.trim();
  const found = bestMatches(items, wanted, (item) => [item]).slice(0, maxFound);
  const isNew = wanted !== "" && wanted.length <= valueLength && !items.includes(wanted);
  return {
    options: [...(isNew ? [option(`Add “${wanted}”`, wanted)] : []), ...found.map((item) => option(item))],
  };
};

const itemsOf = (value: Parameters<typeof textOf>[0]): string[] => (Array.isArray(value) ? value : []);

/** Each once, the more frequent first. */
const byUse = (items: readonly string[]): string[] => {
  const uses = new Map<string, number>();
  for (const item of items) uses.set(item, (uses.get(item) ?? 0) + 1);
  return [...uses].toSorted(([, a], [, b]) => b - a).map(([item]) => item);
};
