/** Whether what was just deployed works. */
import type { Production } from "./production-file.ts";

/** Cloudflare needs some seconds to bring a new address or version everywhere. */
const patienceMs = 60_000;

const answerOf = async (url: URL): Promise<string> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const body = (await response.text()).slice(0, 300);
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}: ${body}`);
  return body;
};

/** Rejects with the last answer where the bot is not ready within a minute. */
export const smokeTest = async (production: Production, print: (line: string) => void): Promise<void> => {
  const url = new URL("/readyz", production.url);
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      await answerOf(url);
      print("✓ The bot is ready");
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
};
