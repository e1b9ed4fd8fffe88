/** `npm run build -w @cv-ops/sdk`: one JavaScript file and one of declarations, with no path into this repository. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { copyLicenses } from "../../tools/scripts/package-licenses.ts";

const here = import.meta.dirname;
const dist = join(here, "dist");
const types = join(dist, "types");
// A program that bundles the package may have zod already.
const external = /^zod\//;

const code = await rolldown({ cwd: here, input: "index.ts", external });
const { output } = await code.write({ file: join(dist, "index.js"), cleanDir: true });
copyLicenses(output[0].moduleIds, dist);

const tsc = join(here, "../../node_modules/typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", "package-types.json", "--outDir", types], { cwd: here, stdio: "inherit" });
const declarations = await rolldown({
  input: join(types, "clients/sdk/index.d.ts"),
  external,
  // The declarations are made: the generator only has to be one that starts no compiler.
  plugins: [dts({ dtsInput: true, generator: "oxc", tsconfig: false })],
});
await declarations.write({ dir: dist, entryFileNames: "index.d.ts" });
rmSync(types, { recursive: true });
