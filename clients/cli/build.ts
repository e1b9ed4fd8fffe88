/**
 * `npm run build -w @cv-ops/cli`: builds `cv` as one file that includes the client. So `npx` fetches one small
 * package, and `cv` runs with the tested client.
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
