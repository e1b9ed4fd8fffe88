/** One sentence or list item → the changes that it asks for. */
import { type FieldValues, sameValue, textOf } from "../portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes } from "../portfolio/registry.ts";
import { checkValues } from "./values.ts";
import { hasStrangeSubject } from "./clauses.ts";
import { type Mention, type RowIndex, findRows } from "./find-rows.ts";
import type { CachedRow, Proposal } from "./proposal.ts";
import { hasOpenText, readParts, readValues, typeNamed } from "./read-values.ts";

const opening = String.raw`^(?:please\s+|can\s+(?:you|we)\s+|could\s+(?:you|we)\s+|let'?s\s+)?`;
const removal = new RegExp(String.raw`${opening}(?:drop|remove|delete|get\s+rid\s+of|take\s+out)\s+`, "i");
const addition = new RegExp(String.raw`${opening}(?:add|create|new)(?:\s+(?:a|an|the|new))*:?\s+`, "i");
const renaming = new RegExp(String.raw`${opening}rename\s+`, "i");
const arrow = /\s*(?:→|->|=>)\s*/;

/** @param about the row that the lines before it were about, if any */
export const readClause = (clause: string, index: RowIndex, about: CachedRow | null): Proposal[] => {
  const proposals =
    removals(clause, index) ?? renames(clause, index) ?? additions(clause, index) ?? updates(clause, index, about);
  return proposals.map((proposal) => ({ ...proposal, line: clause }));
};

type Read = Omit<Proposal, "line">;

const update = (row: CachedRow, values: FieldValues): Read[] => {
  const changed = Object.entries(values).filter(([field, value]) => !sameValue(row.values[field], value));
  return changed.length === 0
    ? []
    : [{ entityType: row.entityType, action: "UPDATE", row: row.id, values: Object.fromEntries(changed) }];
};

const removals = (clause: string, index: RowIndex): Read[] | null => {
  const rest = removal.test(clause) ? clause.replace(removal, "") : null;
  if (rest === null) return null;
  const [item = "", from] = rest.split(/\s+from\s+/i);
  const [owner] = from === undefined ? [] : findRows(from, index);
  if (owner) return withoutItem(owner.row, item);
  const mentions = findRows(rest, index);
  // "drop Python to 5 years" removes nothing.
  if (mentions.length === 1 && mentions[0] && /\s(to|by)\s/i.test(rest)) return updates(rest, index, null);
  return mentions.map(({ row }) => ({ entityType: row.entityType, action: "DELETE", row: row.id, values: {} }));
};

/** "remove jQuery from Tide tables": an item of one of its lists. */
const withoutItem = (row: CachedRow, item: string): Read[] => {
  const wanted = item
    .trim()
    .replace(/^(the\s+)/i, "")
    .toLowerCase();
  for (const [field, value] of Object.entries(row.values)) {
    if (!Array.isArray(value)) continue;
    const left = value.filter((each) => each.toLowerCase() !== wanted);
    if (left.length < value.length) return update(row, { [field]: left.length > 0 ? left : null });
  }
  return [];
};

/** "rename X to Y", "X → Y": the left side is the row's whole name. */
const renames = (clause: string, index: RowIndex): Read[] | null => {
  const isAsked = renaming.test(clause);
  const [left = "", right] = isAsked
    ? clause.replace(renaming, "").split(/\s+(?:to|as|into)\s+|\s*(?:→|->|=>)\s*/i)
    : clause.split(arrow);
  if (right === undefined) return isAsked ? [] : null;
  const [mention] = findRows(left, index);
  const isWhole = mention && left.slice(0, mention.start).trim() === "" && left.slice(mention.end).trim() === "";
  if (!mention || !isWhole) return isAsked ? [] : null;
  const name = right
    .trim()
    .replace(/^["'](.*)["']$/, "$1")
    .replace(/[.!]+$/, "");
  const { entityType } = mention.row;
  const isNamed = Object.hasOwn(entityOf(entityType).fields, "name");
  const checked = isNamed ? checkValues(entityOf(entityType), { name }, false) : null;
  // "Python → 8 years" is a value, not a name.
  if (!isAsked && Object.keys(readValues(entityType, right)).length > 0) return null;
  return checked?.ok ? update(mention.row, checked.value) : [];
};

const additions = (clause: string, index: RowIndex): Read[] | null => {
  if (!addition.test(clause)) return null;
  const rest = clause.replace(addition, "");
  const [first = "", ...words] = rest.split(/\s+/);
  const typed = typeNamed(first.replace(/:$/, ""), entityTypes);
  const entityType: EntityType = typed ?? "technology";
  const said = typed === null ? rest : words.join(" ");
  const [owner] = /\sto\s/i.test(said) ? findRows(said.split(/\s+to\s+/i).at(-1) ?? "", index) : [];
  if (owner && typed === null) return withItem(owner.row, said.split(/\s+to\s+/i)[0] ?? "");
  const parts = said
    .split(/\s*[,;]\s*|\s+(?:with|in|as)\s+|\s+-\s+|\s+(?=[a-z_]+=)/i)
    .filter((part) => part.trim() !== "");
  const [name = ""] = parts;
  const [known] = findRows(name, index, entityType);
  if (known) return update(known.row, readValues(entityType, said));
  const values = readParts(entityType, parts);
  // Without a word for its type, a row needs more than a name to be taken for one.
  const isClear = typed !== null || Object.keys(values).length > 1 || rest.split(/\s+/).length <= 2;
  return isClear &&
    entityOf(entityType)
      .displayName(values)
      .replace(/[\s,]|at/g, "") !== ""
    ? [{ entityType, action: "CREATE", row: null, values }]
    : [];
};

/** "add Rust to Tide tables": an item of its technologies. */
const withItem = (row: CachedRow, item: string): Read[] => {
  if (!Object.hasOwn(entityOf(row.entityType).fields, "technologies")) return [];
  const items = textOf(row.values["technologies"]) === "" ? [] : [row.values["technologies"] ?? []].flat().map(String);
  const wanted = item.trim();
  const has = items.some((each) => each.toLowerCase() === wanted.toLowerCase());
  return has || wanted === "" ? [] : update(row, { technologies: [...items, wanted] });
};

const updates = (clause: string, index: RowIndex, about: CachedRow | null): Read[] => {
  const mentions = findRows(clause, index);
  const [mention] = mentions;
  const own = about && !hasStrangeSubject(clause, index) ? readValues(about.entityType, clause) : {};
  if (about && (!mention || mention.start > 0) && Object.keys(own).length > 0) return update(about, own);
  if (!mention) return profileUpdates(clause, index);
  // A row with a list or a text goes on: "Tide tables technologies: Rust, Python" names no second row.
  if (mentions.length === 1 || hasOpenText(mention.row.entityType, blanked(clause, mention)) !== null) {
    return update(mention.row, readValues(mention.row.entityType, blanked(clause, mention)));
  }
  return mentions.flatMap(({ row }, place) =>
    update(row, readValues(row.entityType, nearest(clause, mentions, place))),
  );
};

/** What is said of a row among several: what follows it, and before the first one what comes before. */
const nearest = (clause: string, mentions: readonly Mention[], place: number): string => {
  const lead = place === 0 ? clause.slice(0, mentions[0]?.start) : "";
  return `${lead} ${clause.slice(mentions[place]?.end, mentions[place + 1]?.start)}`.replace(/\s+and\s*$/i, "");
};

const blanked = (clause: string, { start, end }: Mention): string => `${clause.slice(0, start)} ${clause.slice(end)}`;

/** "headline is …": of whom, is clear where there is one profile. */
const profileUpdates = (clause: string, { rows }: RowIndex): Read[] => {
  const [profile, ...more] = rows.filter(({ entityType }) => entityType === "profile");
  const fits =
    /^(?:please\s+|(?:set|change|update)\s+)*(?:the\s+|my\s+|our\s+)*(headline|title|email|phone|website|homepage|languages)\b/i.test(
      clause,
    );
  return profile && more.length === 0 && fits ? update(profile, readValues("profile", clause)) : [];
};
