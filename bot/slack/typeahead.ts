/** All inputs with typeahead, by what their action id begins with. */
import { suggestListValues } from "./staging/typeahead/list-values.ts";
import { suggestRows } from "./staging/typeahead/rows.ts";
import type { Suggest } from "./core/suggest.ts";

const suggesters: { prefix: string; suggest: Suggest }[] = [
  { prefix: "row", suggest: suggestRows },
  { prefix: "list", suggest: suggestListValues },
];

export const suggestersOf = (actionId: string): Suggest | undefined =>
  suggesters.find(({ prefix }) => actionId === prefix || actionId.startsWith(`${prefix}:`))?.suggest;
