/** A bot that is deployed: how a program of this folder asks it, also at its operators' addresses. */
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { configurationPath, nameIn, writeConfigurations } from "./configurations.ts";
import type { Production } from "./production-file.ts";
import { workers } from "./workers.ts";
import type { Wrangler } from "./wrangler.ts";

const passMinutes = 10;

export interface Operated {
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

/** What may be otherwise in a moment. */
export class NotYet extends Error {}

/** The answer's body. Throws NotYet where the bot gives none, or refuses. */
export const ask = async (publicUrl: string, path: string, init: RequestInit = {}): Promise<unknown> => {
  const url = new URL(path, publicUrl);
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  } catch (error) {
    throw new NotYet(`${url.href} gives no answer`, { cause: error });
  }
  const text = await response.text();
  if (!response.ok) throw new NotYet(`${url.href} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
};

/** Tries again while it is not yet so; throws what was last the case when the time is over. */
export const within = async <T>(ms: number, everyMs: number, attempt: () => Promise<T>): Promise<T> => {
  const until = Date.now() + ms;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NotYet) || Date.now() > until) throw error;
      await delay(everyMs);
    }
  }
};
