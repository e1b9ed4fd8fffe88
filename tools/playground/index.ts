import { createPlayground } from "./app.ts";
import { resetStack, seedStackIfEmpty } from "./seed/reset.ts";
import { receiveSeedWebhook } from "./seed/sink.ts";

export { AiAgentGate, BotGate, D1cvGate } from "./gates.ts";
export { LocalSlack } from "./slack/local-slack.ts";

export default createPlayground({ resetStack, seedStackIfEmpty, receiveSeedWebhook }) satisfies ExportedHandler<Env>;
