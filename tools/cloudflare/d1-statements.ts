/**
 * How D1's query endpoint cuts a text into statements, as it is reported; not how SQLite does.
 *
 * - Strings, quoted names and comments are passed over (cloudflare/workers-sdk#4326).
 * - A trigger's body begins at an upper-case BEGIN; with `begin` the first semicolon cuts the text (arul28/ADE#934).
 * - It ends at the first END, also at that of a CASE (SlopDotCash/slopdotcash#158, cloudflare/workers-sdk#4727).
 * - A body with the line ends of Windows is cut (cloudflare/workers-sdk#14991; wrangler replaces them since #15044).
 *
 * Whether a body over several lines stays whole is reported both ways: yes in #10998 and #14991, no in #15690 and
 * botiverse/hands#327. `oneLine` takes the second for true.
 */
export const statementsOf = (sql: string, { oneLine = false } = {}): string[] => {
  const statements: string[] = [];
  let from = 0;
  let inBody = false;
  const cut = oneLine ? /\n/ : /\r\n/;
  for (const { text, index } of tokensOf(sql)) {
    if (text === "BEGIN") inBody = isTrigger(sql.slice(from, index)) && !cut.test(bodyFrom(sql, index));
    else if (text === "END") inBody = false;
    else if (text === ";" && !inBody) {
      statements.push(sql.slice(from, index));
      from = index + 1;
    }
  }
  statements.push(sql.slice(from));
  return statements.map((statement) => statement.trim()).filter(hasContent);
};

const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[A-Za-z_][A-Za-z0-9_$]*|;/g;

const tokensOf = function* (sql: string): Generator<{ text: string; index: number }> {
  for (const match of sql.matchAll(token)) yield { text: match[0], index: match.index };
};

/** To the first END behind its BEGIN. */
const bodyFrom = (sql: string, index: number): string => /^[\s\S]*?\bEND\b/.exec(sql.slice(index))?.[0] ?? "";

const withoutComments = (sql: string): string => sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, " ");

const isTrigger = (sql: string): boolean =>
  /^\s*CREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b/i.test(withoutComments(sql));

const hasContent = (statement: string): boolean => withoutComments(statement).trim() !== "";
