/**
 * `npm run manifest`: writes manifest.json, from which Slack makes the app; with `--check` it fails where the file is
 * out of date. `--url https://…` prints the manifest of a bot at another address than that of [env.production], and
 * writes nothing.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { unstable_readConfig } from "wrangler";
import { createManifest } from "../../bot/slack/manifest.ts";
import { writeGenerated } from "./generated-file.ts";

const { values } = parseArgs({ options: { check: { type: "boolean" }, url: { type: "string" } } });

const asText = (publicUrl: string): string => `${JSON.stringify(createManifest(publicUrl), null, 2)}\n`;

const productionUrl = (): string => {
  const config = join(import.meta.dirname, "../../wrangler.toml");
  const { vars } = unstable_readConfig({ config, env: "production" }, { hideWarnings: true });
  const url: unknown = vars["PUBLIC_URL"];
  if (typeof url !== "string") throw new Error("wrangler.toml names no PUBLIC_URL for [env.production.vars]");
  return url;
};

if (values.url !== undefined) process.stdout.write(asText(values.url));
else writeGenerated("manifest.json", asText(productionUrl()), "npm run manifest");
