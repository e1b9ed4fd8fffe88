/** Where the code and the assets of versions are kept. */
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Version } from "../state.ts";
import type { UploadedModule } from "./startup.ts";

export const codeOf = (directory: string, version: string): string => join(directory, "versions", version, "code");

const assetsOf = (directory: string, version: string): string => join(directory, "versions", version, "assets");

/** The file of an asset that was uploaded once, for whichever Worker. */
export const assetFile = (directory: string, hash: string): string => join(directory, "assets", hash);

export const keepAsset = (directory: string, hash: string, contents: Uint8Array): void => {
  mkdirSync(join(directory, "assets"), { recursive: true });
  writeFileSync(assetFile(directory, hash), contents);
};

export const keepCode = (directory: string, version: string, modules: readonly UploadedModule[]): void => {
  for (const { name, contents } of modules) {
    const file = join(codeOf(directory, version), name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
};

/** The version's assets as a folder; made when it is first asked for. */
export const assetFolder = (directory: string, { id, assets }: Version): string => {
  const folder = assetsOf(directory, id);
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  for (const [path, { hash }] of Object.entries(assets?.manifest ?? {})) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    linkSync(assetFile(directory, hash), file);
  }
  return folder;
};

export const forgetVersions = (directory: string, versions: readonly Version[]): void => {
  for (const { id } of versions) rmSync(join(directory, "versions", id), { recursive: true, force: true });
};
