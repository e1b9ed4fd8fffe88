/** A file that comes from the code: written anew, or with `--check` only compared. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/**
 * @param path below the repository
 * @param command what writes the file, for whoever reads that it is out of date
 */
export const writeGenerated = (path: string, content: string, command: string): void => {
  if (!process.argv.includes("--check")) {
    writeFileSync(join(root, path), content);
    console.log(`${path} is written`);
  } else if (readOptional(path) === content) {
    console.log(`${path} is up to date`);
  } else {
    console.error(`${path} is out of date; run ${command}`);
    process.exitCode = 1;
  }
};

/**
 * Like `writeGenerated`, for the part of a page between `<!-- name: … -->` and `<!-- /name -->`.
 * @param name of the part
 */
export const writeGeneratedPart = (path: string, name: string, content: string, command: string): void => {
  const page = readFileSync(join(root, path), "utf8");
  const [, before, after] =
    new RegExp(`^([^]*<!-- ${name}: [^\\n]*-->\\n)[^]*?(<!-- /${name} -->[^]*)$`).exec(page) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${path} has no part ${name}`);
  writeGenerated(path, `${before}\n${content}\n\n${after}`, command);
};

const readOptional = (path: string): string | null => {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return null;
  }
};
