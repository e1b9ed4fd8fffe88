/** `npm run build`: the pages of the bot Worker, into `dist/bot/`: the reference of the API, and the portal. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPortal } from "../../clients/portal/build.ts";
import { type Document, problemsPage, referencePage } from "./api-reference.ts";
import { openApiDocument } from "./openapi-document.ts";

const output = join(import.meta.dirname, "../../dist/bot");

/** Rejects when a page cannot be built. */
const buildPages = async (): Promise<void> => {
  const docs = join(output, "docs");
  await mkdir(join(docs, "problems"), { recursive: true });
  const document = openApiDocument();
  await Promise.all([
    writeFile(join(docs, "openapi.json"), JSON.stringify(document)),
    writeFile(join(docs, "index.html"), referencePage(document as unknown as Document)),
    writeFile(join(docs, "problems/index.html"), problemsPage()),
    buildPortal(join(output, "app")),
    copyFile(join(import.meta.dirname, "reference.css"), join(docs, "reference.css")),
  ]);
};

// What is uploaded holds nothing of earlier builds; without --clean a local stack may be serving it just now.
if (process.argv.includes("--clean")) await rm(output, { recursive: true, force: true });
await buildPages();
