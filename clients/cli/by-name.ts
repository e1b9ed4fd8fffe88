/** What people type in place of a number or an id: a name, by which several things may be called. */
import { byName } from "../../shared/domain/by-name.ts";
import type { ApiChange } from "../../shared/contract/resources.ts";
import { ApiProblem, type Client } from "../sdk/index.ts";
import { numberFrom } from "./arguments.ts";

/** Nothing is called so, or several things are. */
export class NotOne extends Error {
  override readonly name = "NotOne";
  readonly code: "unknown_name" | "ambiguous_name";
  /** Those that were meant, or may have been. */
  readonly candidates: readonly string[];

  constructor(code: NotOne["code"], message: string, candidates: readonly string[]) {
    super([message, ...candidates.map((each) => `  ${each}`)].join("\n"));
    this.code = code;
    this.candidates = candidates;
  }
}

interface Choice<T> {
  /** "staged change" */
  what: string;
  typed: string;
  found: readonly T[];
  near: readonly T[];
  /** By which people choose. */
  labelOf: (item: T) => string;
}

const maxCandidates = 10;

/** The only one that is called so; else throws what there is to choose from. */
export const onlyOne = <T>({ what, typed, found, near, labelOf }: Choice<T>): T => {
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const labels = (found.length > 0 ? found : near).slice(0, maxCandidates).map(labelOf);
  if (found.length > 0) throw new NotOne("ambiguous_name", `"${typed}" is the name of several; say which:`, labels);
  throw new NotOne(
    "unknown_name",
    `There is no ${what} "${typed}".${labels.length > 0 ? " Did you mean:" : ""}`,
    labels,
  );
};

const isNumber = (word: string): boolean => /^#?\d+$/.test(word);

/** Whether somebody has typed a name where a number may stand. */
const nameIn = (word: string | undefined): word is string =>
  word !== undefined && word.trim() !== "" && !isNumber(word);

/** "3 Python: experience_years 5 → 8" */
const changeLabel = ({ number, summary }: ApiChange): string => `${number}  ${summary}`;

/**
 * The numbers of staged changes, by number or by what people call the row. One's own come before those of others.
 * @param only those that one may choose from; everybody's when left out
 */
export const changesFrom = async (
  client: Client,
  words: readonly (string | undefined)[],
  only: "own" | "all" = "all",
): Promise<number[]> => {
  if (!words.some(nameIn)) return words.map((word) => numberFrom(word, "a staged change"));
  const { userId } = await client.whoAmI();
  const { changes } = await client.listStaged(only === "own" ? { author: userId } : {});
  return words.map((word) => {
    if (!nameIn(word)) return numberFrom(word, "a staged change");
    const named = byName(changes, word, ({ name, entityId }) => [entityId, name]);
    const own = named.found.filter(({ author }) => author === userId);
    const found = own.length > 0 ? own : named.found;
    return onlyOne({ what: "staged change", typed: word, found, near: named.near, labelOf: changeLabel }).number;
  });
};

/** The number of one of several things, by that or by a name. */
export const numberNamed = async <T extends { number: number }>(
  word: string | undefined,
  what: string,
  { all, namesOf, labelOf }: { all: () => Promise<T[]>; namesOf: (item: T) => string[]; labelOf: (item: T) => string },
): Promise<number> => {
  if (!nameIn(word)) return numberFrom(word, `a ${what}`);
  return onlyOne({ what, typed: word, labelOf, ...byName(await all(), word, namesOf) }).number;
};

/** A user id, by that, an e-mail address, or a name as Slack shows it. */
export const personFrom = async (client: Client, typed: string): Promise<string> => {
  const id = typed.replace(/^@/, "");
  if (/^[UW][A-Z0-9]{6,20}$/.test(id)) return id;
  const { people, near } = await client.findPeople({ q: typed });
  const labelOf = ({ name, userId }: (typeof people)[number]): string => `${name} (${userId})`;
  return onlyOne({ what: "person", typed, found: people, near, labelOf }).userId;
};

/** A row's id, by that or by what people call it. */
export const rowFrom = async (
  client: Client,
  entityType: Parameters<Client["listRows"]>[0]["entityType"],
  typed: string,
): Promise<string> => {
  // Where no target lists its rows an id is taken at its word.
  const { rows } = await client.listRows({ entityType }).catch((error: unknown) => {
    if (error instanceof ApiProblem) return { rows: [] };
    throw error;
  });
  if (rows.some(({ id }) => id === typed)) return typed;
  const { found, near } = byName(rows, typed, ({ id, name }) => [id, name]);
  // A row may be gone there, and differ for that reason: then its id is taken at its word.
  if (found.length === 0 && near.length === 0) return typed;
  return onlyOne({ what: entityType, typed, found, near, labelOf: ({ id, name }) => `${name} (${id})` }).id;
};
