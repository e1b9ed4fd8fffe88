/**
 * `npm run build -w @cv-ops/cli`: `cv` as one file with all that it needs, the client included. So `npx` fetches one small
 * package, and `cv` runs with the client that it was tested with.
 */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { copyLicenses } from "../../tools/scripts/package-licenses.ts";

/** @param folder where it is put. @returns the path of the program */
export const buildCommandLine = async (folder: string): Promise<string> => {
  const file = join(folder, "cv.js");
  const bundle = await rolldown({ cwd: import.meta.dirname, input: "cv.ts", platform: "node" });
  const { output } = await bundle.write({ file });
  chmodSync(file, 0o755);
  copyLicenses(output[0].moduleIds, folder);
  return file;
};

if (import.meta.main) await buildCommandLine(join(import.meta.dirname, "dist"));
