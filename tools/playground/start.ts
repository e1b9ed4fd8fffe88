/** `npm start`: the whole of CV Ops on this machine, with a Slack to try it in. */
import { mkdirSync, createWriteStream } from "node:fs";
import { join, resolve } from "node:path";
import { exposureOf } from "./local-only.ts";
import { migrate } from "./migrate.ts";
import { buildPages } from "./page/build.ts";
import { makeReady, startStack } from "./stack.ts";
import { readSettings } from "./stack-environment.ts";

const local = resolve(import.meta.dirname, "../../.local");
const logPath = join(local, "stack.log");

const start = async (): Promise<void> => {
  const startedMs = performance.now();
  const port = readPort(process.env["PORT"]);
  mkdirSync(local, { recursive: true });
  const log = createWriteStream(logPath);
  console.log("Starting CV Ops …");

  await Promise.all([buildPages(), migrate(local)]);
  const env = await readSettings(process.env);
  const stack = await startStack({
    port,
    persistTo: local,
    env,
    onLog: (line) => {
      log.write(`${line}\n`);
      if (line.includes("[ERROR]")) console.error(line);
    },
  });
  const { seeded } = await makeReady(stack.url);

  const exposed = exposureOf({ PUBLIC_URL: "", LOCAL_STACK_HOSTS: "", ...env });
  if (exposed.length > 0) console.log(`\n  Others can reach this stack:\n      ${exposed.join("\n      ")}`);
  console.log(welcome(stack.url, seeded, (performance.now() - startedMs) / 1000));
  // From here on an interrupt is how one stops it.
  process.exitCode = 0;
  await stack.ended;
  console.log("CV Ops has stopped. Your data is in .local/; npm start goes on with it.");
};

const readPort = (text: string | undefined): number => {
  if (!text) return 8787;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT is "${text}", which is not a port: set it to a number from 1 to 65535, such as 9000.`);
  }
  return port;
};

const welcome = (url: string, seeded: boolean, seconds: number): string => `
  CV Ops is running (${seconds.toFixed(1)} s)

      ${url}

  You are Avery, the author. Type /cv help, or go straight on:

      /cv stage update technology python-1 experience_years=8
      /cv commit -m "Skill updates"

  Then switch to Priya, press Approve, and type /cv push 1 all.
  Or do it in the portal: ${url}/app
  ${seeded ? "Noor Vega's portfolio is loaded into both targets." : "Your data of last time is there; the page's Reset starts afresh."}

  Log: .local/stack.log     Stop: Ctrl-C
`;

try {
  await start();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  console.error(
    `The whole log is in ${logPath}. If the data of an older version is in the way, delete .local/ and start again.`,
  );
  process.exit(1);
}
