/** What lets a program of this folder call the operators' addresses of a bot. */
import { createHash, randomBytes } from "node:crypto";
import { configurationPath, nameIn, writeConfigurations } from "./configurations.ts";
import type { Production } from "./production-file.ts";
import { workers } from "./workers.ts";
import type { Wrangler } from "./wrangler.ts";

const passMinutes = 10;

interface Operated {
  production: Production;
  wrangler: Wrangler;
}

/** A new pass, as a row of the bot's database: who may write there may deploy. */
export const newPass = async ({ production, wrangler }: Operated): Promise<string> => {
  writeConfigurations(production);
  const bot = workers.find(({ name }) => name === "bot");
  if (!bot?.database) throw new Error("The bot has no database");
  const pass = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(pass).digest("hex");
  const expires = new Date(Date.now() + passMinutes * 60_000).toISOString();
  const statement = `INSERT INTO operator_passes (hash, expires_at) VALUES ('${hash}', '${expires}')`;
  const database = nameIn(production, bot.database);
  await wrangler.run(["d1", "execute", database, "--remote", "-c", configurationPath(bot), "--command", statement]);
  return pass;
};
