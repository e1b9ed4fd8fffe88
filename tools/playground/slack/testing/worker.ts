/** The playground with a seed that does nothing, for tests. */
import { createPlayground } from "../../app.ts";

export { AiAgentFaultProxy, BotFaultProxy, D1cvFaultProxy } from "../../fault-proxies.ts";
export { LocalSlack } from "../local-slack.ts";

export default createPlayground({
  resetStack: () => Promise.resolve(),
  seedStackIfEmpty: () => Promise.resolve({ seeded: true }),
  changeRow: () => Promise.resolve({ years: 20 }),
  receiveSeedWebhook: () => Promise.resolve(new Response("sunk")),
}) satisfies ExportedHandler<Env>;
