/** `production.json`: what is particular to one production. Not in git, and without a secret. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { root } from "../scripts/tree.ts";

export const locations = ["weur", "eeur", "apac", "oc", "wnam", "enam"] as const;
export const jurisdictions = ["eu", "fedramp", "us"] as const;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, "3 to 40 of a to z, 0 to 9 and hyphens, beginning with a to z");

const production = z.strictObject({
  /** Prefix of every Worker, database and queue; the bot's Worker is called so. */
  name,
  accountId: z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits, as `wrangler whoami` shows"),
  /** Where Slack, people and targets reach the bot. */
  url: z.string().regex(/^https:\/\/[a-z0-9.-]+\.[a-z]+$/, "an address such as https://cv.example.com, without a path"),
  location: z.enum(locations),
  jurisdiction: z.nullable(z.enum(jurisdictions)),
  /** The Slack user id of the first admin, in files of earlier releases: who installs the app is the first admin. */
  admin: z.optional(z.string()),
  /** The id under which both targets keep the portfolio. */
  portfolio: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "up to 63 of a to z, 0 to 9 and hyphens"),
  /** The workspace that has the targets; null until somebody has installed the app there. */
  workspace: z._default(z.nullable(z.string()), null),
  /** Where alerts and the weekly digest go; null for nowhere. */
  operatorsChannel: z._default(
    z.nullable(
      z.string().regex(/^T[A-Z0-9]+\/[CG][A-Z0-9]+$/, "a workspace's and a channel's id, as in T012AB3CD/C012AB3CD"),
    ),
    null,
  ),
  /** How many databases the bot has: `npm run setup -- --add-database` adds one. */
  botDatabases: z._default(z.int().min(1).max(99), 1),
  /** Ids that Cloudflare gave, by the name of the database in `[env.production]`. */
  databases: z._default(z.record(z.string(), z.string()), {}),
  /** The id of the KV namespace; null before it exists. */
  cache: z._default(z.nullable(z.string()), null),
  /** Whether all Workers have the secrets of the same run. */
  secretsAreSet: z._default(z.boolean(), false),
  /** Whether the bot and the queue Worker have the key that encrypts stored secrets: it is made once. */
  encryptionKeyIsSet: z._default(z.boolean(), false),
});
export type Production = z.infer<typeof production>;

/** What a production has before anything of it is made. */
export const nothingMade = {
  location: "weur",
  jurisdiction: null,
  portfolio: "main",
  workspace: null,
  operatorsChannel: null,
  botDatabases: 1,
  databases: {},
  cache: null,
  secretsAreSet: false,
  encryptionKeyIsSet: false,
} as const satisfies Partial<Production>;

/** The fields that a person answers. */
export const answers = production.pick({
  name: true,
  accountId: true,
  url: true,
  location: true,
  jurisdiction: true,
  portfolio: true,
  operatorsChannel: true,
}).shape;

export const productionPath = (): string => process.env["CV_OPS_PRODUCTION"] ?? join(root, "production.json");

/** Null where there is none. Throws an Error that names each field that is not as it has to be. */
export const readProduction = (): Production | null => {
  let text: string;
  try {
    text = readFileSync(productionPath(), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const parsed = production.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(
    `production.json: ${parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`).join("; ")}`,
  );
};

/** As `readProduction`, for what needs one. */
export const requireProduction = (): Production => {
  const found = readProduction();
  if (found === null) throw new Error("There is no production.json: `npm run setup` makes it");
  return found;
};

/** In one step, so that a run that is cut off leaves the old or the new file. */
export const writeProduction = (value: Production): void => {
  const target = productionPath();
  writeFileSync(`${target}.new`, `${JSON.stringify(production.parse(value), null, 2)}\n`);
  renameSync(`${target}.new`, target);
};
