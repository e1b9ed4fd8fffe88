/**
 * The release before this commit. Its code runs beside this one's in seeds in which a deployment replaces one Worker
 * after the other.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/scripts/tree.ts";

/** The commit that a deployment of this one replaces. Each release moves it on (CONTRIBUTING.md). */
export const previousRelease = "881a9822f31d7a83a0c320d0824308d98ae964cb";

const parts = ["bot", "consumers", "shared", "targets", "tools/simulator/product", "wrangler.toml"];

const has = (commit: string): boolean => {
  try {
    execFileSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/**
 * Unpacks the release's sources below node_modules, where they find this commit's packages.
 *
 * @returns the folder; null in a clone without that commit, such as a shallow one
 */
export const previousSources = (): string | null => {
  const releases = join(root, "node_modules/.cache/releases");
  const folder = join(releases, previousRelease);
  if (existsSync(folder)) return folder;
  if (!has(previousRelease)) return null;
  mkdirSync(releases, { recursive: true });
  const unpacked = mkdtempSync(join(releases, "unpacking-"));
  const archive = execFileSync("git", ["archive", "--format=tar", previousRelease, ...parts], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  execFileSync("tar", ["-x", "-C", unpacked], { input: archive });
  try {
    renameSync(unpacked, folder);
  } catch (error) {
    // Another process unpacks the same release at the same time.
    if (!existsSync(folder)) throw error;
    rmSync(unpacked, { recursive: true });
  }
  return folder;
};
