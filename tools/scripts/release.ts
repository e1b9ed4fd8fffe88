/**
 * `npm run release`: publishes each package whose version is not at npm yet, and makes its GitHub release, whose tag
 * is on the commit SHA. What is there already is left alone, so that a run that was cut off can be repeated.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tree.ts";

/** The command line holds the SDK: what it is made of comes first. */
const packages = ["clients/sdk", "clients/cli"];

interface Ran {
  code: number | null;
  said: string;
}

const run = (program: string, args: readonly string[]): Ran => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (error) throw error;
  return { code: status, said: `${stdout}${stderr}` };
};

const must = (program: string, args: readonly string[]): void => {
  const { code, said } = run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${said}`);
};

/** Throws where the registry gives no answer: that is no reason to publish. */
const isPublished = (name: string, version: string): boolean => {
  const { code, said } = run("npm", ["view", `${name}@${version}`, "version", "--json"]);
  // A package that is there, without that version, gives an empty answer.
  if (code === 0) return said.trim() !== "";
  if (/\bE404\b/.test(said)) return false;
  throw new Error(`npm does not say whether ${name}@${version} is published:\n${said}`);
};

const hasRelease = (tag: string): boolean => {
  const { code, said } = run("gh", ["release", "view", tag]);
  if (code !== 0 && !/not found/i.test(said)) throw new Error(`gh release view ${tag} ended with ${code}:\n${said}`);
  return code === 0;
};

/** The part of a changelog that is about one version. Throws where there is none. */
const notesOf = (changelog: string, version: string): string => {
  const [, notes] = changelog.split(`\n## ${version}\n`);
  if (notes === undefined) throw new Error(`The changelog has nothing about ${version}`);
  return notes.split("\n## ")[0]?.trim() ?? "";
};

const release = (folder: string, commit: string): void => {
  const read = (file: string): string => readFileSync(join(root, folder, file), "utf8");
  const { name, version } = JSON.parse(read("package.json")) as { name: string; version: string };
  const tag = `${name}@${version}`;
  const notes = notesOf(read("CHANGELOG.md"), version);
  if (isPublished(name, version)) console.log(`• ${tag} is at npm`);
  else {
    must("npm", ["publish", "--workspace", folder, "--provenance"]);
    console.log(`✓ ${tag} is published`);
  }
  if (hasRelease(tag)) return;
  must("gh", ["release", "create", tag, "--target", commit, "--title", tag, "--notes", notes]);
  console.log(`✓ ${tag} has a release`);
};

const commit = process.env["SHA"];
if (!commit) throw new Error("SHA names the commit of the release's tag");
for (const folder of packages) release(folder, commit);
