/**
 * The form of SQL that both of D1's parsers take: the one here, and that of the remote query endpoint, to which
 * `wrangler d1 migrations apply --remote` sends each file. The latter takes the first END for a trigger's end
 * (workers-sdk #4326, #4727: "incomplete input: SQLITE_ERROR [7500]"), and refuses a comment after the last statement.
 */

/** D1's limit of a statement, in bytes: developers.cloudflare.com/d1/platform/limits. */
const statementBytes = 100_000;

/** The same text with comments, strings and quoted names blanked, so that only SQL's own words are left. */
const bare = (sql: string): string =>
  sql.replaceAll(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (text) => text.replaceAll(/[^\n]/g, " "));

const lineOf = (sql: string, index: number): number => sql.slice(0, index).split("\n").length;

interface Statement {
  text: string;
  at: number;
}

/** Statements as the remote parser cuts them: at each semicolon, and a trigger's at the first word END. */
export const remoteStatements = (sql: string): Statement[] => {
  const words = bare(sql);
  const found: Statement[] = [];
  let at = 0;
  while (/\S/.test(words.slice(at))) {
    at += words.slice(at).search(/\S/);
    const rest = words.slice(at);
    const begins = /^CREATE\s+(?:TEMP(?:ORARY)?\s+)?TRIGGER\b[^;]*?\bBEGIN\b/i.exec(rest);
    const ends = begins === null ? /;/.exec(rest) : /\bEND\b\s*;?/i.exec(rest.slice(begins[0].length));
    const length = ends === null ? rest.length : (begins?.[0].length ?? 0) + ends.index + ends[0].length;
    found.push({ text: sql.slice(at, at + length), at });
    at += length;
  }
  return found;
};

const isTrigger = (words: string): boolean => /^CREATE\s+(?:TEMP(?:ORARY)?\s+)?TRIGGER\b/i.test(words);

/** Words that a migration may not have, whatever its age: D1 runs a file as one transaction of its own. */
const transactions = /^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|ATTACH|DETACH|VACUUM)\b/i;

/**
 * Two versions of each Worker serve during a deployment, and a rollback leaves the new schema under the old code: what
 * the old one reads has to stay, and an index that it names (INDEXED BY). It is removed by a later release, which says
 * so in its first line.
 */
const removals =
  /^DROP\s+(?:TABLE|INDEX)\b|^ALTER\s+TABLE\s+\S+\s+(?:DROP|RENAME)\b|^ALTER\s+TABLE\s+\S+\s+ADD\b(?![^]*\bDEFAULT\b)[^]*\bNOT\s+NULL\b/i;
const saysItRemoves = /^-- Removes what no version since \d{4} reads\b/;

const problemOf = (text: string, mayRemove: boolean): string | null => {
  const words = bare(text).trim();
  if (new TextEncoder().encode(text).length > statementBytes) return "a statement has more than 100 KB";
  if (transactions.test(words)) return "D1 opens the transaction itself";
  if (!mayRemove && removals.test(words))
    return "the version before this one still reads it: expand first, and remove in a later release";
  if (!isTrigger(words)) return words.endsWith(";") ? null : "the last statement has no semicolon";
  if (/\bCASE\b/.test(words.toUpperCase()))
    return "a trigger may not have CASE … END, because the first END ends it: use SELECT RAISE(…) WHERE …, or WHEN";
  if (!/\bBEGIN\b/.test(words) || !/\bEND;$/.test(words))
    return "a trigger has BEGIN and END in capitals, and END; last";
  return null;
};

/**
 * What is wrong with a migration, each as `line N: why`. `expandOnly` is whether the rule for two versions at once
 * holds for it, which began when the first production could exist.
 */
export const migrationProblems = (sql: string, { expandOnly }: { expandOnly: boolean }): string[] => {
  const mayRemove = !expandOnly || saysItRemoves.test(sql);
  return [
    ...remoteStatements(sql).flatMap(({ text, at }) => {
      const problem = problemOf(text, mayRemove);
      return problem === null ? [] : [`line ${lineOf(sql, at)}: ${problem}`];
    }),
    ...(sql.trimEnd().endsWith(";")
      ? []
      : [`line ${lineOf(sql, sql.trimEnd().length)}: no comment after the last statement`]),
  ];
};
