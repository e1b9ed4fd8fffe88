/** Whether what was just deployed works: the bot is ready, and a push goes through queue, targets and webhooks. */
import * as z from "zod";
import { stoppedJobStates } from "../../shared/domain/states.ts";
import { NotYet, type Operated, ask, newPass, within } from "./operated-bot.ts";

/** Cloudflare needs some seconds to bring a new address or version everywhere. */
const patienceMs = 60_000;
/** Vectors are visible after seconds, sometimes minutes. */
const pushPatienceMs = 300_000;

export interface SmokeTest extends Operated {
  print: (line: string) => void;
}

const pushed = z.object({
  state: z.string(),
  targets: z.array(
    z.object({
      target: z.string(),
      state: z.string(),
      verifiedAt: z.nullable(z.string()),
      errorMessage: z.nullable(z.string()),
    }),
  ),
});

const stopped = new Set<string>([...stoppedJobStates, "cancelled"]);

/** Rejects with what does not work: the bot, or the target at which the push stops. */
export const smokeTest = async (test: SmokeTest): Promise<void> => {
  if (test.wrangler.isDry) {
    test.print(`  curl ${test.production.url}/readyz   # and a push of the portfolio "smoke"`);
    return;
  }
  const { url } = test.production;
  await within(patienceMs, 2000, () => ask(url, "/readyz"));
  test.print("✓ The bot is ready");
  const headers = { authorization: `Bearer ${await newPass(test)}` };
  const started = await ask(url, "/operations/smoke-pushes", { method: "POST", headers });
  const { push } = z.object({ push: z.number() }).parse(started);
  const startedMs = Date.now();
  await within(pushPatienceMs, 1000, async () => {
    const { targets } = pushed.parse(await ask(url, `/operations/smoke-pushes/${push}`, { headers }));
    const failed = targets.find(({ state }) => stopped.has(state));
    if (failed) throw new Error(`The smoke push failed at ${failed.target}: ${failed.errorMessage ?? failed.state}`);
    const open = targets
      .filter(({ verifiedAt }) => verifiedAt === null)
      .map(({ target, state }) => `${target} (${state})`);
    if (open.length > 0) throw new NotYet(`The smoke push is not verified at ${open.join(", ")}`);
  });
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  test.print(`✓ A push of the smoke portfolio is verified live, ${seconds} s after it was sent`);
};
