/** The client with its types and the command line, for who uses the package: Node strips no types in node_modules. */
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");
const shared = { bundle: true, format: "esm", target: "es2024", absWorkingDir: root, logLevel: "warning" } as const;

/** `cv` as one file. @param folder where it is put */
export const buildCommandLine = async (folder: string): Promise<string> => {
  const outfile = join(folder, "cv.js");
  await build({ ...shared, entryPoints: ["clients/cli/cv.ts"], outfile, platform: "node" });
  chmodSync(outfile, 0o755);
  return outfile;
};

/** @param out such as `dist`. Throws where the types do not compile. */
export const buildClientPackage = async (out: string): Promise<void> => {
  for (const folder of ["client", "cli"]) rmSync(join(out, folder), { recursive: true, force: true });
  await build({
    ...shared,
    entryPoints: ["clients/sdk/index.ts"],
    outfile: join(out, "client/index.js"),
    // Who bundles it again may have it already.
    external: ["zod/mini"],
  });
  await buildCommandLine(join(out, "cli"));
  const tsc = resolve(root, "node_modules/typescript/bin/tsc");
  const types = ["-p", "clients/sdk/package-types.json", "--outDir", join(out, "client/types")];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...types], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`The client's types do not compile:\n${stdout}`);
};
