/** Uploads the release before this one to a production, as the versions that a deployment replaces. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { previousSources } from "../../../test/support/previous-release.ts";
import { root } from "../../scripts/tree.ts";
import { configurationPath } from "../configurations.ts";
import type { ProductionWorker } from "../workers.ts";

const written = join(root, "dist/production");

/**
 * The Worker's configuration with the code of the release before, beside that of `writeConfigurations`, which has to
 * be there: paths stay relative to the same folder. In a clone without the history its code is this commit's.
 *
 * @returns its path, below the repository
 */
export const previousConfiguration = (worker: ProductionWorker): string => {
  const sources = previousSources() ?? root;
  const moved = (path: string): string => join(relative(written, sources), relative("../..", path));
  const configuration = JSON.parse(readFileSync(join(root, configurationPath(worker)), "utf8")) as {
    main: string;
    alias?: Record<string, string>;
  };
  const alias = Object.entries(configuration.alias ?? {}).map(([name, path]) => [name, moved(path)]);
  const previous = { ...configuration, main: moved(configuration.main), alias: Object.fromEntries(alias) };
  const file = join(written, `${worker.name}.previous.json`);
  mkdirSync(written, { recursive: true });
  writeFileSync(file, JSON.stringify(previous, null, 2));
  return relative(root, file);
};
