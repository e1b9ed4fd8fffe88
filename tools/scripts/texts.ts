/** The texts in source that people read: strings, templates and the text between tags. */
import { parseSync } from "vite";

export interface Text {
  line: number;
  text: string;
}

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === "object" && "type" in value && typeof value.type === "string";

/** Names of modules, of classes and of styles are no texts, nor is SQL. */
const skipped = new Set(["ImportDeclaration", "ExportAllDeclaration", "TSLiteralType"]);
const isRead = (text: string): boolean =>
  /\p{L}{2,}\s+\p{L}/u.test(text) && !/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|AND|WHERE) /.test(text);

const textOf = (node: Node): string | null => {
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node.type === "JSXText" && typeof node["value"] === "string") return node["value"];
  if (node.type === "TemplateLiteral") {
    const quasis = node["quasis"] as { value: { cooked: string } }[];
    return quasis.map(({ value }) => value.cooked).join(" … ");
  }
  return null;
};

const walk = (node: Node, found: (node: Node, text: string) => void): void => {
  if (skipped.has(node.type)) return;
  const text = textOf(node);
  if (text !== null) found(node, text);
  for (const [key, value] of Object.entries(node)) {
    if (key === "quasis") continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, found);
  }
};

export const textsOf = (path: string, source: string): Text[] => {
  const texts: Text[] = [];
  const { program } = parseSync(path, source);
  walk(program as unknown as Node, (node, text) => {
    if (isRead(text)) texts.push({ line: source.slice(0, node.start).split("\n").length, text });
  });
  return texts;
};
