/** The page about the API's problems, to which the `type` of each leads: HTML without a script. */
import { explainedProblems } from "./problem-list.ts";

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const code = (text: string): string => `<code>${escape(text)}</code>`;

const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Problems of the CV Ops API</title>
<link rel="stylesheet" href="/docs/problems.css">
</head>`;

export const problemsPage = (): string => {
  const list = explainedProblems();
  return `${head}
<body>
<a class="skip" href="#main">Skip to the content</a>
<nav aria-label="Contents"><p class="home"><a href="/docs">CV Ops API</a></p><h2>Problems</h2><ul>${list.map(({ code: name }) => `<li><a href="#${name}">${code(name)}</a></li>`).join("")}</ul></nav>
<main id="main"><h1>Problems</h1><p>Every refusal is an RFC 9457 problem. Its <code>type</code> leads here, its <code>detail</code> says what to do in this case.</p>
${list.map(({ code: name, status, title }) => `<section id="${name}" class="problem"><h2>${code(name)}</h2><p><strong>${status}</strong> ${escape(title)}</p></section>`).join("\n")}
</main>
</body>
</html>
`;
};
