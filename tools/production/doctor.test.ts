/** `npm run doctor`, against a server that answers as the bot's /doctor does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { type CheckName, type Finding, checks } from "../../shared/domain/operations/checks.ts";

const token = "a-token-of-operators-with-32-characters";

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

const botThatAnswers = async (status: number, body: unknown): Promise<string> => {
  server = createServer((request, response) => {
    const isOperator = request.headers.authorization === `Bearer ${token}`;
    response.writeHead(isOperator ? status : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ path: request.url, ...(body as object) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const doctor = async (args: string[], given = token): Promise<{ code: number; said: string }> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "doctor.ts"), ...args], {
    env: { ...process.env, METRICS_TOKEN: given, CV_OPS_PRODUCTION: "/nowhere/production.json" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: code as number, said: out + err };
};

const finding = (check: CheckName, ok: boolean | null, about: string | null = null): Finding => ({
  check,
  about,
  ok,
  detail: null,
});

test("npm run doctor says what is wrong and what to do about it, and ends with 1", async () => {
  const findings = [finding("database", true), finding("target_answers", false, "d1cv"), finding("slack_clock", null)];
  const { code, said } = await doctor(["--url", await botThatAnswers(200, { findings })]);
  expect(said).toContain(checks.database.says);
  expect(said).toContain(`→ ${checks.target_answers.remedy}`);
  expect(said).not.toContain(checks.database.remedy);
  expect(code).toBe(1);
});

test("npm run doctor ends with 0 where nothing is wrong", async () => {
  const { code } = await doctor(["--url", await botThatAnswers(200, { findings: [finding("database", true)] })]);
  expect(code).toBe(0);
});

test("npm run doctor says why it gets no findings", async () => {
  const url = await botThatAnswers(404, {});
  expect((await doctor(["--url", url])).said).toContain("no METRICS_TOKEN");
  expect((await doctor(["--url", url], "another-token-of-32-characters-and-more")).said).toContain(
    "another METRICS_TOKEN",
  );
  const { code, said } = await doctor([]);
  expect(said).toContain("Usage: npm run doctor");
  expect(code).toBe(2);
});
