/**
 * The reference page of the API, as HTML that needs no script and no network. Ready-made viewers fetch fonts, or bring
 * a tracker along when they are installed, and none of them does without inline styles.
 */
import { marked } from "marked";
import { explainedProblems } from "./problem-list.ts";

type Json = Record<string, unknown>;

interface Schema extends Json {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  format?: string;
}

interface Answer {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

interface DocumentedOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters: ({ name: string; in: string; required: boolean; schema: Schema } | { $ref: string })[];
  requestBody?: { required: boolean; content: { "application/json": { schema: Schema; example?: unknown } } };
  responses: Record<string, Answer>;
}

export interface Document {
  info: { title: string; version: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema> };
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const markdown = (text: string): string => marked.parse(text, { async: false });
const code = (text: string): string => `<code>${escape(text)}</code>`;

/** A type in a few words, with a link where it has a name. */
const typeOf = (schema: Schema): string => {
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return `<a href="#schema-${name}">${escape(name)}</a>`;
  }
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(" ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.type === "array") return `list of ${schema.items ? typeOf(schema.items) : "anything"}`;
  if (schema.type === "object" && !schema.properties) return "object";
  return escape(`${schema.format === "date-time" ? "time, ISO 8601" : (schema.type ?? "anything")}${boundsOf(schema)}`);
};

const boundsOf = ({ minLength, maxLength, minimum, maximum }: Schema): string => {
  if (maxLength !== undefined && maxLength < 10_000) return `, ${minLength ?? 0} to ${maxLength} characters`;
  if (maximum !== undefined && maximum < 1e6 && minimum !== undefined) return `, ${minimum} to ${maximum}`;
  return "";
};

const rows = (schema: Schema, path = ""): string =>
  Object.entries(schema.properties ?? {})
    .map(([name, of]) => {
      const own = `${path}${name}`;
      const needed = schema.required?.includes(name) ? "" : ' <span class="optional">optional</span>';
      const inner = of.type === "array" && of.items?.properties ? of.items : of;
      const below = inner.properties ? rows(inner, `${own}${of.type === "array" ? "[]" : ""}.`) : "";
      return `<tr><th scope="row">${code(own)}${needed}</th><td>${typeOf(of)}</td></tr>${below}`;
    })
    .join("");

const table = (caption: string, body: string): string =>
  body === "" ? "" : `<table><caption>${caption}</caption><tbody>${body}</tbody></table>`;

const schemaTable = (caption: string, schema: Schema): string =>
  schema.$ref ? `<p>${caption}: ${typeOf(schema)}</p>` : table(caption, rows(schema));

const sampleOf: Record<string, string> = { scope: "all", id: "$JOB_ID", userId: "U0AVERY01" };

const curl = (method: string, path: string, { requestBody }: DocumentedOperation): string => {
  const body = requestBody?.content["application/json"].example;
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"$CV_OPS_URL/v2${path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => sampleOf[name] ?? "1")}"`,
    `-H "Authorization: Bearer $CV_OPS_TOKEN"`,
    ...(body === undefined ? [] : [`-H "Content-Type: application/json"`, `-d '${JSON.stringify(body)}'`]),
  ];
  return `<pre tabindex="0"><code>${escape(lines.join(" \\\n  "))}</code></pre>`;
};

const operationSection = (method: string, path: string, operation: DocumentedOperation): string => {
  const parameters = operation.parameters.flatMap((each) => ("$ref" in each ? [] : [each]));
  const body = operation.requestBody?.content["application/json"].schema;
  const [status = "", answer] = Object.entries(operation.responses).find(([each]) => each < "300") ?? [];
  const problems = Object.entries(operation.responses)
    .filter(([each]) => each >= "400")
    .map(([each, { description }]) => `<dt>${each}</dt><dd>${linked(description)}</dd>`)
    .join("");
  const reply = answer?.content?.["application/json"]?.schema;
  return `<section class="operation" id="${operation.operationId}" aria-labelledby="${operation.operationId}-title">
    <h3 id="${operation.operationId}-title">${escape(operation.summary)}</h3>
    <p class="address"><span class="method ${method.toLowerCase()}">${method}</span> ${code(`/v2${path}`)}</p>
    ${markdown(operation.description)}
    ${table("Parameters", parameters.map(({ name, in: place, required, schema }) => `<tr><th scope="row">${code(name)} <span class="optional">${place}${required ? "" : ", optional"}</span></th><td>${typeOf(schema)}</td></tr>`).join(""))}
    ${body ? schemaTable("Body", body) : ""}
    ${curl(method, path, operation)}
    ${reply ? schemaTable(`Answer, ${status}`, reply) : ""}
    <details><summary>Problems</summary><dl>${problems}</dl></details>
  </section>`;
};

/** Codes lead to what they mean. */
const linked = (description: string): string =>
  description
    .split("  \n")
    .map((each) => {
      const [, name = "", title = ""] = /^`(\w+)`: (.*)$/.exec(each) ?? [];
      return `<a href="/docs/problems#${name}"><code>${escape(name)}</code></a> ${escape(title)}`;
    })
    .join("<br>");

const page = (title: string, navigation: string, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<nav aria-label="Contents">${navigation}</nav>
<main id="main">${main}</main>
</body>
</html>
`;

const home = `<p class="home"><a href="/docs">CV Ops API</a></p>`;

export const referencePage = ({ info, tags, paths, components }: Document): string => {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = tags.map(({ name }) => ({ name, list: all.filter(({ operation }) => operation.tags.includes(name)) }));
  const anchor = (name: string): string => `tag-${name.toLowerCase()}`;
  const navigation = groups
    .map(
      ({ name, list }) =>
        `<h2><a href="#${anchor(name)}">${name}</a></h2><ul>${list
          .map(({ operation }) => `<li><a href="#${operation.operationId}">${escape(operation.summary)}</a></li>`)
          .join("")}</ul>`,
    )
    .join("");
  const more = `<h2>More</h2><ul><li><a href="#schemas">Schemas</a></li><li><a href="/docs/problems">Problems</a></li><li><a href="/v2/openapi.json">OpenAPI document</a></li></ul>`;
  const schemas = Object.entries(components.schemas)
    .map(([name, schema]) => `<section id="schema-${name}"><h3>${name}</h3>${table(name, rows(schema))}</section>`)
    .join("");
  return page(
    `${info.title} API`,
    `${home}${navigation}${more}`,
    `<h1>${escape(info.title)} API <small>${escape(info.version)}</small></h1>${markdown(info.description)}
    ${groups.map(({ name, list }) => `<section aria-labelledby="${anchor(name)}"><h2 id="${anchor(name)}">${name}</h2>${list.map(({ method, path, operation }) => operationSection(method, path, operation)).join("")}</section>`).join("")}
    <section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>${schemas}</section>`,
  );
};

export const problemsPage = (): string => {
  const list = explainedProblems();
  return page(
    "Problems of the CV Ops API",
    `${home}<h2>Problems</h2><ul>${list.map(({ code: name }) => `<li><a href="#${name}">${code(name)}</a></li>`).join("")}</ul>`,
    `<h1>Problems</h1><p>Every refusal is an RFC 9457 problem. Its <code>type</code> leads here, its <code>detail</code> says what to do in this case.</p>
    ${list.map(({ code: name, status, title }) => `<section id="${name}" class="problem"><h2>${code(name)}</h2><p><strong>${status}</strong> ${escape(title)}</p></section>`).join("")}`,
  );
};
