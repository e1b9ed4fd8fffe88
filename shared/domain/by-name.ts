import { closest } from "./closest.ts";
import { searchKey } from "./text.ts";

export interface Named<T> {
  /** Those that are called so; where none is, those of which a word begins so. */
  found: T[];
  /** Where nothing was found: what was probably meant. */
  near: T[];
}

/** What a person means by a name, of which there may be several. @param namesOf each by which something is called */
export const byName = <T>(all: readonly T[], typed: string, namesOf: (item: T) => readonly string[]): Named<T> => {
  const wanted = searchKey(typed);
  if (wanted === "") return { found: [], near: [] };
  const keyed = all.map((item) => ({ item, keys: namesOf(item).map(searchKey) }));
  const of = (fits: (key: string) => boolean): T[] =>
    keyed.flatMap(({ item, keys }) => (keys.some(fits) ? [item] : []));
  const exact = of((key) => key === wanted);
  const begun = exact.length > 0 ? exact : of((key) => ` ${key.replaceAll(/[-_.:/]/g, " ")}`.includes(` ${wanted}`));
  if (begun.length > 0) return { found: begun, near: [] };
  const words = keyed.flatMap(({ keys }) => keys.flatMap((key) => [key, ...key.split(" ")]));
  const near = closest(wanted, words);
  return { found: [], near: near === null ? [] : of((key) => key === near || key.split(" ").includes(near)) };
};
