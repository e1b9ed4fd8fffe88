/** `cv login` in a terminal, confirmed in the portal by whoever is signed in there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { buildCommandLine } from "../../clients/cli/build.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

const folder = mkdtempSync(join(tmpdir(), "cv-ops-login-"));
const url = inject("stackUrl");
let session: BrowserSession;
let program: string;
beforeAll(async () => {
  program = await buildCommandLine(folder);
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

const start = (...argv: string[]) => {
  const cv = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env["PATH"], XDG_CONFIG_HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = Promise.all([text(cv.stdout), once(cv, "close")]).then(([out, [code]]) => ({
    out,
    code: code as number,
  }));
  return { cv, ended };
};

/** A terminal that waits for its code to be confirmed. */
const signsIn = async (context: TestContext) => {
  const { cv, ended } = start("login", url);
  context.onTestFinished(() => void cv.kill());
  let said = "";
  for await (const chunk of cv.stderr) {
    said += String(chunk);
    const [, code = ""] = /Your code is ([A-Z]{4}-[A-Z]{4})\./.exec(said) ?? [];
    const [address] = /^http\S+$/m.exec(said) ?? [];
    if (address !== undefined) return { code, path: new URL(address).pathname.replace(/^\/app/, ""), ended };
  }
  throw new Error(`cv login has ended: ${said}`);
};

test(
  "a terminal is signed in by its code, with the scopes that its person chooses",
  { timeout: 180_000 },
  async (context) => {
    const terminal = await signsIn(context);
    const { page, keepPicture, screenshot, complaints } = await session.atPortal(context, "Avery", terminal.path);
    expect(await page.getByTestId("login-code").textContent()).toBe(terminal.code);
    await page.getByText("to act for you, Avery").waitFor();
    expect(await page.getByRole("checkbox").count(), "scopes of an editor").toBe(2);
    expect(await violationsIn(page), "confirming").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await keepPicture("login-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await screenshot("portal-login");
    await page.setViewportSize({ width: 390, height: 844 });
    await keepPicture("login-phone");
    await page.getByLabel("Name of the token").fill("");
    await page.getByRole("button", { name: "Confirm the sign-in" }).click();
    await page.locator("[aria-invalid=true]").waitFor();
    await page.getByLabel("Name of the token").fill("Avery's shell");
    await page.getByRole("button", { name: "Confirm the sign-in" }).click();
    await page.getByTestId("login-ended").getByText("is signed in").waitFor();
    expect(await violationsIn(page), "confirmed").toEqual([]);

    const { out, code } = await terminal.ended;
    expect([code, out]).toEqual([
      0,
      expect.stringContaining("Avery Lindqvist, editor of T0CVOPS01, with token Avery's shell"),
    ]);
    const path = join(folder, "cv-ops", "config.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toMatch(/cvops_/);
    const whoami = await start("whoami").ended;
    expect(whoami).toMatchObject({ code: 0, out: expect.stringContaining(`The token is from ${path}`) });
    const tokens = await start("tokens").ended;
    expect(tokens).toMatchObject({ code: 0, out: expect.stringContaining("Avery's shell  (read, stage)  active") });
    expect(await start("logout").ended).toMatchObject({ code: 0, out: expect.stringContaining("Signed out") });
    expect(await start("whoami").ended).toMatchObject({ code: 2 });
    expect(complaints).toEqual([]);
  },
);

test("a code is typed by hand, declined, and used no second time", async (context) => {
  const terminal = await signsIn(context);
  const { page, keepPicture } = await session.atPortal(context, "Carla", "/login");
  await page.getByLabel("Code").fill("ABCD");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("A code has eight characters").waitFor();
  expect(await violationsIn(page), "typing a code").toEqual([]);
  await keepPicture("login-code");
  await page.getByLabel("Code").fill(terminal.code.toLowerCase().replace("-", " "));
  await page.getByRole("button", { name: "Continue" }).click();
  expect(await page.getByLabel("admin", { exact: true }).isChecked(), "administration is not offered first").toBe(
    false,
  );
  await page.getByRole("button", { name: "Decline" }).click();
  await page.getByTestId("login-ended").getByText("is not signed in").waitFor();
  expect(await terminal.ended).toMatchObject({ code: 1, out: "" });
  await page.reload();
  await page.getByRole("alert").getByText("a code is valid for ten minutes, and once").waitFor();
  expect(await violationsIn(page), "a code that was used").toEqual([]);

  const viktor = await session.atPortal(context, "Viktor", terminal.path);
  await viktor.page.getByText("the role viewer").waitFor();
  expect(await viktor.page.getByRole("button", { name: "Confirm the sign-in" }).count(), "offered to a viewer").toBe(0);
});
