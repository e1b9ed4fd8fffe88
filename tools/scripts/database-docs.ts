/** Writes docs/reference/database.md from the migrations. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { writeGenerated } from "./generated-file.ts";
import { readComments } from "./migration-comments.ts";
import { root } from "./tree.ts";

interface Column {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  /** Its place in the primary key, from 1; 0 outside. */
  pk: number;
}

interface Entry {
  name: string;
  sql: string;
}

const databases = [
  { title: "The staging database", folder: "migrations", about: "Bound as `DB` to the bot and the queue Worker." },
  { title: "The database of d1cv", folder: "targets/d1cv/migrations", about: "Bound as `DB` to that target alone." },
  {
    title: "The database of ai-agent",
    folder: "targets/ai-agent/migrations",
    about: "Bound as `DB` to that target alone.",
  },
];

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const oneLine = (sql: string): string =>
  sql
    .replaceAll(/--[^\n]*/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();

const sectionsOf = (folder: string): string[] => {
  const sqlite = new DatabaseSync(":memory:");
  const migrations = globSync("*.sql", { cwd: join(root, folder) })
    .toSorted()
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
  for (const migration of migrations) sqlite.exec(migration);
  const comments = readComments(migrations);

  const listed = (type: string, table: string): Entry[] =>
    sqlite
      .prepare("SELECT name, sql FROM sqlite_schema WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL ORDER BY name")
      .all(type, table) as unknown as Entry[];

  const sectionOf = (table: string): string[] => {
    const columns = sqlite.prepare(`SELECT * FROM pragma_table_info(?)`).all(table) as unknown as Column[];
    const key = columns.filter(({ pk }) => pk > 0).toSorted((left, right) => left.pk - right.pk);
    const comment = comments.tables.get(table);
    return [
      `### \`${table}\``,
      "",
      ...(comment ? [comment, ""] : []),
      "| column | type | null | default | meaning |",
      "|---|---|---|---|---|",
      ...columns.map(({ name, type, notnull, dflt_value }) => {
        const meaning = comments.columns.get(`${table}.${name}`) ?? "";
        return `| \`${name}\` | ${type} | ${notnull ? "no" : "yes"} | ${dflt_value === null ? "" : `\`${dflt_value}\``} | ${cell(meaning)} |`;
      }),
      "",
      ...(key.length > 0 ? [`- Primary key: ${key.map(({ name }) => `\`${name}\``).join(", ")}`] : []),
      ...listed("index", table).map(({ name, sql }) => {
        const [, unique = "", on = ""] = /^CREATE (UNIQUE )?INDEX .*? ON (.*)$/i.exec(oneLine(sql)) ?? [];
        return `- ${unique ? "Unique index" : "Index"} \`${name}\`: \`${on.replace(/^["\w]+ /, "")}\``;
      }),
      ...listed("trigger", table).map(({ name, sql }) => {
        const [, when = ""] = /^CREATE TRIGGER \S+ (.*?) BEGIN /i.exec(oneLine(sql)) ?? [];
        return `- Trigger \`${name}\`: \`${when.replaceAll('"', "")}\``;
      }),
      "",
    ];
  };

  const tables = sqlite
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all() as { name: string }[];
  return tables.flatMap(({ name }) => sectionOf(name));
};

const page = [
  "# Database schema",
  "",
  "Written by `npm run docs` from the migrations, which it runs in SQLite; the meanings are their comments. Change them",
  "there.",
  "",
  "Times are ISO 8601 text in UTC. Every table of the staging database has `workspace_id`, but for `assertion` and",
  "`state_edges`. [State and consistency](../explanation/state-and-consistency.md) says how they work together.",
  "",
  ...databases.flatMap(({ title, folder, about }) => [
    `## ${title}`,
    "",
    `From \`${folder}/\`. ${about}`,
    "",
    ...sectionsOf(folder),
  ]),
];

writeGenerated("docs/reference/database.md", `${page.join("\n").trimEnd()}\n`, "npm run docs");
