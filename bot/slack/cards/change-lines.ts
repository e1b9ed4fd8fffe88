import type { Change } from "../../../shared/domain/change.ts";
import { diffOf } from "../../../shared/domain/diff.ts";
import { textOf } from "../../../shared/domain/entities/entity.ts";
import { entityOf } from "../../../shared/domain/entities/registry.ts";
import { type Operation, netEffect } from "../../../shared/domain/net-effect.ts";
import { nameOf } from "../../../shared/domain/summary.ts";
import { quoted } from "../text.ts";

const words = {
  CREATE: ":heavy_plus_sign: Add",
  UPDATE: ":pencil2: Change",
  DELETE: ":heavy_minus_sign: Remove",
} as const;

/** "✏️ Change Python: experience_years 5 → 8" */
export const changeLine = (change: Change): string => `${words[change.action]}  ${quoted(withoutVerb(change))}`;

/** The summary without the verb that the line says already. */
const withoutVerb = ({ summary, action }: Change): string =>
  action === "UPDATE" ? summary : summary.replace(/^(New|Remove) /, "");

const shown = (value: Parameters<typeof textOf>[0]): string => {
  const text = textOf(value);
  return text === "" ? "_empty_" : quoted(text, 200);
};

const operationLines = (operation: Operation): string[] => {
  const { entityType, entityId, values, base, action } = operation;
  const name = nameOf({ entityType, entityId, action, payload: values, base: { any: base } });
  const fields = diffOf(operation).map(({ field, before, after }) => {
    const label = entityOf(entityType).fields[field]?.label ?? field;
    if (action === "CREATE") return `•  ${quoted(label)}: ${shown(after)}`;
    return `•  ${quoted(label)}: ~${shown(before)}~ → *${shown(after)}*`;
  });
  const title = `${words[action]} ${entityType} *${quoted(name)}*  \`${quoted(entityId)}\``;
  return action === "DELETE" ? [title] : [title, ...fields];
};

/** The net effect for the targets, field by field; targets that get the same are shown once. */
export const diffLines = (
  changes: readonly Change[],
  targets: readonly string[],
): { target: string; lines: string[] }[] => {
  const groups: { target: string; lines: string[] }[] = [];
  for (const target of targets) {
    const lines = netEffect(changes, target).flatMap(operationLines);
    if (lines.length === 0) continue;
    const same = groups.find((group) => group.lines.join("\n") === lines.join("\n"));
    if (same) same.target = `${same.target}, ${target}`;
    else groups.push({ target, lines });
  }
  return groups;
};
