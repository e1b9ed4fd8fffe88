/** The comments of migrations: above a table, and behind or above a column; a later step says `Of <table>: …`. */
export interface Comments {
  tables: Map<string, string>;
  /** By `table.column`. */
  columns: Map<string, string>;
}

const move = (map: Map<string, string>, from: string, to: string): void => {
  const text = map.get(from);
  if (text === undefined) return;
  map.delete(from);
  map.set(to, text);
};

const rename = ({ tables, columns }: Comments, line: string): void => {
  const [, table = "", column, name] = /^ALTER TABLE (\w+) RENAME (?:COLUMN (\w+) )?TO (\w+)/.exec(line) ?? [];
  if (name === undefined) return;
  if (column !== undefined) {
    move(columns, `${table}.${column}`, `${table}.${name}`);
    return;
  }
  move(tables, table, name);
  const ofTable = [...columns.keys()].filter((key) => key.startsWith(`${table}.`));
  for (const key of ofTable) move(columns, key, `${name}${key.slice(table.length)}`);
};

export const readComments = (migrations: readonly string[]): Comments => {
  const comments: Comments = { tables: new Map(), columns: new Map() };
  for (const migration of migrations) {
    let above: string[] = [];
    let table: string | null = null;
    let about: string | null = null;
    for (const line of migration.split("\n")) {
      const [, comment] = /^\s*-- (.*)$/.exec(line) ?? [];
      const [, later, said = ""] = /^Of (\w+): (.*)$/.exec(comment ?? "") ?? [];
      if (later !== undefined) {
        comments.tables.set(later, said);
        about = later;
        continue;
      }
      if (comment !== undefined) {
        if (about === null) above.push(comment);
        else comments.tables.set(about, `${comments.tables.get(about)}\n${comment}`);
        continue;
      }
      about = null;
      const [, created] = /^CREATE TABLE (\w+)/.exec(line) ?? [];
      if (created !== undefined) {
        table = created;
        if (above.length > 0) comments.tables.set(created, above.join("\n"));
      }
      const [, altered, added] = /^ALTER TABLE (\w+) ADD COLUMN (\w+)/.exec(line) ?? [];
      const [, inside] = /^ {2}([a-z]\w*) [A-Z]/.exec(line) ?? [];
      const [, behind] = /[,;)]?\s+-- (.*)$/.exec(line) ?? [];
      const key = altered && added ? `${altered}.${added}` : table && inside ? `${table}.${inside}` : null;
      const text = behind ?? (above.length > 0 ? above.join(" ") : undefined);
      if (key && text !== undefined && created === undefined) comments.columns.set(key, text);
      rename(comments, line);
      const [, renamed, to] = /^ALTER TABLE (\w+) RENAME COLUMN \w+ TO (\w+)/.exec(line) ?? [];
      if (renamed !== undefined && above.length > 0) comments.columns.set(`${renamed}.${to}`, above.join(" "));
      if (line.startsWith(")")) table = null;
      above = [];
    }
  }
  return comments;
};
