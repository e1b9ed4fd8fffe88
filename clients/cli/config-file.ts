/** Where `cv login` stores tokens: a file that only its owner may read and write. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { ConfigFile } from "./account.ts";

/** A relative path in XDG_CONFIG_HOME is ignored (specifications.freedesktop.org/basedir-spec). */
const folderOf = ({ XDG_CONFIG_HOME: xdg = "", APPDATA: appData = "" }: Record<string, string | undefined>): string => {
  if (isAbsolute(xdg)) return xdg;
  return process.platform === "win32" && appData !== "" ? appData : join(homedir(), ".config");
};

const ownerOnly = 0o600;

export const configFile = (env: Record<string, string | undefined>): ConfigFile => {
  const path = join(folderOf(env), "cv-ops", "config.json");
  return {
    path,
    read: () => {
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    write: (text) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      // Whole or not at all: somebody may read meanwhile. A file that is left over may have another mode.
      const next = `${path}.${process.pid}`;
      rmSync(next, { force: true });
      writeFileSync(next, text, { mode: ownerOnly, flag: "wx" });
      chmodSync(next, ownerOnly);
      renameSync(next, path);
    },
  };
};
