import { createPlayground } from "./app.ts";
import { changeRow } from "./seed/change-row.ts";
import { resetStack, seedStackIfEmpty } from "./seed/reset.ts";
import { receiveSeedWebhook } from "./seed/sink.ts";

export { AiAgentFaultProxy, BotFaultProxy, D1cvFaultProxy } from "./fault-proxies.ts";
export { LocalSlack } from "./slack/local-slack.ts";

export default createPlayground({
  resetStack,
  seedStackIfEmpty,
  changeRow,
  receiveSeedWebhook,
}) satisfies ExportedHandler<Env>;
