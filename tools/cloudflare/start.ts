/** `node tools/cloudflare/start.ts --state DIR [--port N] [--public-port N] [--plan free|paid] [--slack URL]` */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startCloudflare } from "./index.ts";

const { values } = parseArgs({
  options: {
    state: { type: "string" },
    port: { type: "string", default: "8800" },
    "public-port": { type: "string", default: "8801" },
    plan: { type: "string", default: "paid" },
    // Where requests to https://slack.com go instead, such as http://localhost:9000/playground/slack.
    slack: { type: "string" },
  },
});
if (values.state === undefined) throw new Error("--state: the folder that keeps what the account holds");

const slackUrl = (request: Request, base: string): string => {
  const { pathname, search } = new URL(request.url);
  return `${base.replace(/\/$/, "")}${pathname}${search}`;
};

const { slack } = values;
const cloudflare = await startCloudflare({
  stateDirectory: values.state,
  port: Number(values.port),
  publicPort: Number(values["public-port"]),
  plan: values.plan === "free" ? "free" : "paid",
  runsCron: true,
  ...(slack !== undefined && { slack: (request: Request) => fetch(slackUrl(request, slack), request) }),
});
for (const [name, value] of Object.entries(cloudflare.environment)) console.log(`export ${name}=${value}`);
console.log(`# The public address: ${cloudflare.publicUrl}`);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await cloudflare.stop();
