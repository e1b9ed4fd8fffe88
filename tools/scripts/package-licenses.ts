/** The licences that a published package must carry: ours, and that of each package whose code it holds. */
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** @param moduleIds the files that went into the bundle. Throws where one of their packages has no licence. */
export const copyLicenses = (moduleIds: readonly string[], dist: string): void => {
  copyFileSync(join(root, "LICENSE"), join(dist, "LICENSE"));
  const bundled = moduleIds.flatMap((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []);
  for (const name of new Set(bundled)) {
    const folder = join(root, "node_modules", name);
    const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (license === undefined) throw new Error(`${name} has no licence that its copy could carry`);
    copyFileSync(join(folder, license), join(dist, `LICENSE.${name.replace("/", "-")}`));
  }
};
