/** Draws the layers of docs/explanation/architecture.md from the imports, and lists those of bot/slack. */
import { writeGeneratedPart } from "./generated-file.ts";
import { type Layer, covers, layerOf, layers, slackLayers } from "./layers.ts";
import { isTest, readTree } from "./tree.ts";

const drawn = layers.filter(({ group }) => group !== undefined);
const nameOf = ({ paths }: Layer): string => paths[0].replace(/\/$/, "");
const idOf = (layer: Layer): string => nameOf(layer).replaceAll(/\W/g, "_");

type Imports = Map<Layer, Set<Layer>>;

const findImports = (): Imports => {
  const found: Imports = new Map(drawn.map((layer) => [layer, new Set()]));
  for (const { path, imports } of readTree()) {
    const from = layerOf(path);
    if (!from || isTest(path)) continue;
    for (const name of imports) {
      const to = layerOf(name);
      if (to && to !== from && found.has(to)) found.get(from)?.add(to);
    }
  }
  return found;
};

/** Whether the table lets a layer import single files of the other alone. */
const isException = (from: Layer, to: Layer): boolean => !from.imports.some((entry) => covers(entry, to.paths[0]));

/** Whether `to` is reached from `from` by a way of at least two imports, none of them an exception. */
const isReachedOtherwise = (imports: Imports, from: Layer, to: Layer): boolean => {
  const next = (layer: Layer): Layer[] => [...(imports.get(layer) ?? [])].filter((other) => !isException(layer, other));
  const seen = new Set<Layer>([from, to]);
  const open = next(from).filter((layer) => layer !== to);
  for (let layer = open.pop(); layer; layer = open.pop()) {
    const found = next(layer);
    if (found.includes(to)) return true;
    if (seen.has(layer)) continue;
    seen.add(layer);
    open.push(...found);
  }
  return false;
};

const boxes = (): string[] =>
  [...new Set(drawn.map(({ group }) => group))].flatMap((group, index) => [
    `  subgraph box${index}["${group}"]`,
    ...drawn
      .filter((layer) => layer.group === group)
      .map((layer) => `    ${idOf(layer)}["<b>${nameOf(layer)}</b><br/>${layer.purpose}"]`),
    "  end",
  ]);

/** An arrow for each import that no longer way through other layers shows already; dotted for exceptions. */
const arrows = (imports: Imports): string[] =>
  drawn.flatMap((from) =>
    drawn
      .filter((to) => imports.get(from)?.has(to) && !isReachedOtherwise(imports, from, to))
      .map((to) => `  ${idOf(from)} ${isException(from, to) ? "-.->" : "-->"} ${idOf(to)}`),
  );

const picture = (): string[] => ["```mermaid", "flowchart TB", ...boxes(), ...arrows(findImports()), "```"];

/** @param folder in which all of them are; paths are given below it */
const tableOf = (rows: readonly Layer[], folder: string, everything: string): string => {
  const shown = (paths: readonly string[]): string =>
    paths.map((path) => (path === folder ? everything : `\`${path.slice(folder.length)}\``)).join(", ");
  return [
    "| folder | what it is for | may import |",
    "|---|---|---|",
    ...rows.map(({ paths, purpose, imports }) => `| ${shown(paths)} | ${purpose} | ${shown(imports) || "nothing"} |`),
  ].join("\n");
};

writeGeneratedPart("docs/explanation/architecture.md", "layers", [...picture()].join("\n"), "npm run docs");
writeGeneratedPart("docs/explanation/architecture.md", "imports", tableOf(layers, "", "everything"), "npm run docs");
writeGeneratedPart(
  "docs/explanation/slack.md",
  "folders",
  tableOf(slackLayers, "bot/slack/", "`bot/slack/`"),
  "npm run docs",
);
