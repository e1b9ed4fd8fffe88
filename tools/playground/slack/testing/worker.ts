/** The playground with a seed that does nothing, for tests. */
import { createPlayground } from "../../app.ts";

export { AiAgentGate, BotGate, D1cvGate } from "../../gates.ts";
export { LocalSlack } from "../local-slack.ts";

export default createPlayground({
  resetStack: () => Promise.resolve(),
  seedStackIfEmpty: () => Promise.resolve({ seeded: true }),
  receiveSeedWebhook: () => Promise.resolve(new Response("sunk")),
}) satisfies ExportedHandler<Env>;
