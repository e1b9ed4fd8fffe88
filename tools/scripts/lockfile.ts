/**
 * `npm run lockfile`: package-lock.json for the manifests as they are, with the platform packages of every machine.
 * It is made in an empty folder: beside a node_modules, npm leaves out what other platforms need.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { root } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "cv-ops-lockfile-"));
const manifests = ["", ...manifest.workspaces].map((workspace) => join(workspace, "package.json"));
try {
  for (const file of [...manifests, "package-lock.json"]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  execFileSync("npm", ["install", "--package-lock-only", "--omit-lockfile-registry-resolved"], {
    cwd: folder,
    stdio: "inherit",
  });
  copyFileSync(join(folder, "package-lock.json"), join(root, "package-lock.json"));
} finally {
  rmSync(folder, { recursive: true });
}
