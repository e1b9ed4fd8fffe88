/** `node tools/cloudflare/start.ts --state DIR [--port N] [--public-port N] [--plan free|paid]` */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startCloudflare } from "./index.ts";

const { values } = parseArgs({
  options: {
    state: { type: "string" },
    port: { type: "string", default: "8800" },
    "public-port": { type: "string", default: "8801" },
    plan: { type: "string", default: "paid" },
  },
});
if (values.state === undefined) throw new Error("--state: the folder that keeps what the account holds");

const cloudflare = await startCloudflare({
  stateDirectory: values.state,
  port: Number(values.port),
  publicPort: Number(values["public-port"]),
  plan: values.plan === "free" ? "free" : "paid",
  runsCron: true,
});
for (const [name, value] of Object.entries(cloudflare.environment)) console.log(`export ${name}=${value}`);
console.log(`# The public address: ${cloudflare.publicUrl}`);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await cloudflare.stop();
