/** Which Cloudflare account the person who sets up is in. */
import * as z from "zod";
import type { Wrangler } from "./wrangler.ts";

export interface Account {
  id: string;
  name: string;
}

const whoami = z.object({ accounts: z.array(z.object({ id: z.string(), name: z.string() })) });

const howToLogIn =
  "wrangler is not logged in. Type `npx wrangler login`; or set CLOUDFLARE_API_TOKEN to a token of the template\n" +
  '"Edit Cloudflare Workers" that may also edit D1, Queues and Vectorize.';

/** The accounts that wrangler may use. Throws with how to log in where it may use none. Null in a dry run. */
export const accounts = async (wrangler: Wrangler): Promise<Account[] | null> => {
  const ran = await wrangler.look(["whoami", "--json"]);
  if (ran === null) return null;
  if (ran.code !== 0) throw new Error(`${howToLogIn}\n\nwrangler says:\n${`${ran.out}\n${ran.err}`.trim()}`);
  const { accounts: found } = whoami.parse(JSON.parse(ran.out.slice(Math.max(0, ran.out.indexOf("{")))));
  if (found.length === 0)
    throw new Error("This log-in sees no Cloudflare account. Its token needs Account Settings: Read");
  return found;
};
