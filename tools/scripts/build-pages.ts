/** `npm run build`: the pages of the bot Worker, into `dist/bot/`: the reference of the API, and the portal. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPage } from "./build-page.ts";
import { openApiDocument } from "./openapi-document.ts";
import { problemsPage } from "./problems-page.ts";
import { root } from "./tree.ts";

const output = join(root, "dist/bot");
const clients = join(root, "clients");

/** Rejects when a page cannot be built. */
const buildPages = async (): Promise<void> => {
  const docs = join(output, "docs");
  await mkdir(join(docs, "problems"), { recursive: true });
  await Promise.all([
    writeFile(join(docs, "openapi.json"), JSON.stringify(openApiDocument())),
    writeFile(join(docs, "problems/index.html"), problemsPage()),
    copyFile(join(import.meta.dirname, "problems.css"), join(docs, "problems.css")),
    buildPage(join(clients, "portal"), "/app/", join(output, "app")),
    buildPage(join(clients, "reference"), "/docs/", docs),
  ]);
};

// What is uploaded holds nothing of earlier builds; without --clean a local stack may be serving it just now.
if (process.argv.includes("--clean")) await rm(output, { recursive: true, force: true });
await buildPages();
