import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PortfolioRows } from "./client-protocol.ts";
import { migrate } from "./migrate.ts";
import { type Stack, findFreePort, startStack } from "./stack.ts";

let persistTo: string;
const started: Stack[] = [];

beforeEach(async () => {
  persistTo = await mkdtemp(join(tmpdir(), "cv-ops-stack-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((stack) => stack.kill()));
  await rm(persistTo, { recursive: true, force: true });
});

const start = async (onLog: (line: string) => void = () => {}): Promise<Stack> => {
  const stack = await startStack({ port: await findFreePort(), persistTo, onLog });
  started.push(stack);
  return stack;
};
const seed = async ({ url }: Stack) => (await fetch(`${url}/playground/client/seed`, { method: "POST" })).json();
const technologies = async ({ url }: Stack, target: string): Promise<number> => {
  const answer = await fetch(`${url}/playground/client/portfolio?target=${target}&type=technology`);
  const body: PortfolioRows = JSON.parse(await answer.text());
  return body.rows.length;
};
const isUp = ({ url }: Stack) =>
  fetch(url).then(
    () => true,
    () => false,
  );

it("the local stack says which port is in use and how to choose another", async () => {
  const other = createServer().listen(0);
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(startStack({ port, persistTo })).rejects.toThrow(`Port ${port} is in use. Set PORT to another one`);
  other.close();
});

it("the local stack seeds once, finishes an interrupted seed, and seeds after a reset", async () => {
  await migrate(persistTo);
  const inTheMiddle = Promise.withResolvers<void>();
  const first = await start((line) => {
    if (line.includes('"event":"seed.webhook"')) inTheMiddle.resolve();
  });
  const cutOff = seed(first).catch(() => "cut off");
  await inTheMiddle.promise;
  await first.kill();
  await cutOff;
  expect(await isUp(first)).toBe(false);

  const second = await start();
  await seed(second);
  expect(await Promise.all([technologies(second, "d1cv"), technologies(second, "ai-agent")])).toEqual([74, 74]);
  expect(await seed(second)).toMatchObject({ seeded: false });

  const reset = await fetch(`${second.url}/playground/client/reset`, { method: "POST" });
  expect(reset.status).toBe(200);
  expect(await Promise.all([technologies(second, "d1cv"), technologies(second, "ai-agent")])).toEqual([74, 74]);
  await second.stop();
  expect(await isUp(second)).toBe(false);
}, 60_000);

it("the local stack ends with the process that started it, even a killed one", async () => {
  await migrate(persistTo);
  const port = await findFreePort();
  const program = `
    import { startStack } from ${JSON.stringify(join(import.meta.dirname, "stack.ts"))};
    await startStack({ port: ${port}, persistTo: ${JSON.stringify(persistTo)} });
    console.log("up");
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(parent.stdout, "data");
  const exit = once(parent, "exit");
  parent.kill("SIGKILL");
  expect(await exit).toEqual([null, "SIGKILL"]);
  // The port is free again as soon as the last process of the stack has gone.
  const freed = async (): Promise<void> => {
    const server = createServer();
    try {
      server.listen(port);
      await once(server, "listening");
      server.close();
    } catch {
      await freed();
    }
  };
  await freed();
}, 60_000);
