/**
 * How D1's query endpoint cuts a text into statements, as it is reported; not how SQLite does.
 *
 * - Strings, quoted names and comments are passed over (cloudflare/workers-sdk#4326).
 * - A trigger's body begins at an upper-case BEGIN; with `begin` the first semicolon cuts the text (arul28/ADE#934).
 * - It ends at the first END, also at that of a CASE (SlopDotCash/slopdotcash#158, cloudflare/workers-sdk#4727).
 */
export const statementsOf = (sql: string): string[] => {
  const statements: string[] = [];
  let from = 0;
  let inBody = false;
  for (const { text, index } of tokensOf(sql)) {
    if (text === "BEGIN") inBody = isTrigger(sql.slice(from, index));
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

const withoutComments = (sql: string): string => sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, " ");

const isTrigger = (sql: string): boolean =>
  /^\s*CREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b/i.test(withoutComments(sql));

const hasContent = (statement: string): boolean => withoutComments(statement).trim() !== "";
