/** `npm run release`, with programs in place of npm and gh that note how they are called. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import sdk from "../clients/sdk/package.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
const { version } = sdk;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cv-ops-release-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that notes its arguments and then runs a piece of shell. */
const program = (name: "npm" | "gh", shell: string): void => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${shell}\n`);
  chmodSync(file, 0o755);
};

const npmWithout = 'case "$1" in view) echo "npm error code E404" >&2; exit 1;; esac';
const ghWithout = 'case "$2" in view) echo "release not found" >&2; exit 1;; esac';

const release = (env: Record<string, string> = { SHA: "abc123" }) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "tools/scripts/release.ts")], {
    encoding: "utf8",
    env: { ...process.env, SHA: undefined, PATH: `${folder}:${process.env["PATH"] ?? ""}`, ...env },
  });
  let calls: string[] = [];
  try {
    calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
  } catch {
    // Nothing was called.
  }
  return { status, said: `${stdout}${stderr}`, calls };
};

test("a release publishes what npm lacks, the SDK first, and tags the commit", () => {
  program("npm", npmWithout);
  program("gh", ghWithout);
  const { status, said, calls } = release();
  expect(said).toContain(`✓ @cv-ops/cli@${version} has a release`);
  expect(status).toBe(0);
  expect(calls.filter((call) => call.startsWith("npm publish"))).toEqual([
    "npm publish --workspace clients/sdk --provenance",
    "npm publish --workspace clients/cli --provenance",
  ]);
  const made = calls.filter((call) => call.startsWith("gh release create"));
  expect(made).toHaveLength(2);
  expect(made[0]).toContain(`gh release create @cv-ops/sdk@${version} --target abc123`);
});

test("a release of what is at npm already publishes nothing", () => {
  program("npm", `echo '"${version}"'`);
  program("gh", "exit 0");
  const { status, calls } = release();
  expect(status).toBe(0);
  expect(calls.filter((call) => /npm publish|gh release create/.test(call))).toEqual([]);
});

test("a release that was cut off after npm makes what is left", () => {
  program("npm", `echo '"${version}"'`);
  program("gh", ghWithout);
  expect(release().calls.filter((call) => call.startsWith("gh release create"))).toHaveLength(2);
});

test("a release publishes nothing while npm gives no answer", () => {
  program("npm", 'case "$1" in view) echo "npm error network ETIMEDOUT" >&2; exit 1;; esac');
  program("gh", ghWithout);
  const { status, said, calls } = release();
  expect(status).not.toBe(0);
  expect(said).toContain(`npm does not say whether @cv-ops/sdk@${version} is published`);
  expect(calls.filter((call) => call.startsWith("npm publish"))).toEqual([]);
});

test("a release without a commit for its tag says what is missing", () => {
  expect(release({}).said).toContain("SHA names the commit of the release's tag");
});
