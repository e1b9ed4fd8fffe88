/** An admin administers in the portal, by clicking; others are offered what they may do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ReplyOf } from "../../shared/contract/operations.ts";
import { parseCredentials } from "../../shared/targets/credentials.ts";
import { type BrowserSession, openBrowserSession } from "./session.ts";
import { violationsIn } from "./violations.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

/** The secrets that a target of the local stack takes. */
const secretsOf = (target: string) => {
  const configuration = readFileSync(join(import.meta.dirname, "../../wrangler.toml"), "utf8");
  const [, text = ""] = /^TARGET_CREDENTIALS = '(.*)'$/m.exec(configuration) ?? [];
  const { request = [], webhook = [], read = "" } = parseCredentials(text)[target] ?? {};
  return { request: request[0] ?? "", webhook: webhook[0] ?? "", read };
};

test("an admin gives roles, changes settings, and reads of both in the log", { timeout: 180_000 }, async (context) => {
  const { page, reads, keepPicture, screenshot, complaints } = await session.atPortal(context, "Carla", "/admin/roles");
  const viktor = await session.atPortal(context, "Viktor");
  expect(await viktor.page.getByRole("link", { name: "Admin" }).count(), "offered to a viewer").toBe(0);
  expect(await viktor.page.getByRole("link", { name: "Verify" }).count(), "offered to a viewer").toBe(0);
  expect(await viktor.page.getByRole("link", { name: "Stage a change" }).count(), "offered to a viewer").toBe(0);

  await page.getByLabel("Person").fill("victor");
  await page.getByRole("button", { name: "Give the role" }).click();
  await page.getByText('Nobody in Slack is called "victor".').waitFor();
  expect(await violationsIn(page), "a name that nobody has").toEqual([]);
  await keepPicture("admin-whom");
  await page.getByTestId("candidates").getByRole("button", { name: "Viktor Hale" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Viktor Hale is editor now." }).waitFor();
  await page.getByTestId("member-U0VIKTOR1").waitFor();
  await viktor.page.getByRole("link", { name: "Stage a change" }).waitFor();
  await page.getByLabel("Person").fill("priya");
  await page.getByRole("button", { name: "Give the role" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Priya Raman is editor now." }).waitFor();
  await page.getByLabel("Role of Viktor Hale").selectOption("approver");
  await page.getByRole("button", { name: "Make approver" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "Viktor Hale is approver now." }).waitFor();
  await page.getByLabel("Role of Carla Mendes").selectOption("viewer");
  await page.getByRole("button", { name: "Make viewer" }).click();
  await page.getByTestId("toast-bad").filter({ hasText: "admin" }).waitFor();
  expect(await violationsIn(page), "roles").toEqual([]);
  await screenshot("portal-admin");

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Approvals that a commit needs").fill("2");
  await page.getByRole("button", { name: "Save the settings" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "The settings are saved." }).waitFor();
  await expect.poll(async () => (await reads<ReplyOf<"showSettings">>("/settings")).approvalsNeeded).toBe(2);
  expect(await violationsIn(page), "settings").toEqual([]);
  await keepPicture("admin-settings");

  await page.getByRole("link", { name: "Log" }).click();
  const log = page.getByTestId("log");
  await log.getByText("workspace.settings_set").first().waitFor();
  await log.getByText("member.role_set").first().waitFor();
  expect(await violationsIn(page), "the log").toEqual([]);
  await keepPicture("admin-log");
  expect(complaints).toEqual([]);
});

test("tokens are made, shown once and revoked in the portal, with scopes that their owner may use", async (context) => {
  const { page, reads, keepPicture } = await session.atPortal(context, "Avery", "/admin/tokens");
  await page.getByRole("button", { name: "New token…" }).click();
  const dialog = page.getByRole("dialog", { name: "New token" });
  expect(await dialog.getByRole("checkbox").count(), "scopes of an editor").toBe(2);
  await dialog.getByRole("button", { name: "Make the token" }).click();
  await dialog.locator("[aria-invalid=true]").waitFor();
  await dialog.getByLabel("Name").fill("CI");
  await dialog.getByLabel("stage").check();
  expect(await violationsIn(page), "a new token").toEqual([]);
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const secret = await page.getByTestId("secret").textContent();
  expect(secret).toMatch(/^cvops_/);
  expect(await violationsIn(page), "its secret").toEqual([]);
  await page.getByRole("button", { name: "I have stored it" }).click();
  const me = await page.request.get(`${new URL(page.url()).origin}/v2/me`, {
    headers: { Authorization: `Bearer ${secret}` },
  });
  expect((await me.json()).token).toMatchObject({ name: "CI", scopes: ["read", "stage"] });
  await keepPicture("admin-tokens");
  await page.getByRole("button", { name: /^Revoke token \d+, CI/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByTestId("toast-good").filter({ hasText: "is revoked" }).waitFor();
  await expect
    .poll(async () => (await reads<ReplyOf<"listTokens">>("/tokens")).tokens.map(({ state }) => state))
    .toEqual(["revoked"]);
});

test(
  "webhooks are made in the portal with events as checkboxes, and changed",
  { timeout: 180_000 },
  async (context) => {
    const { page, reads, keepPicture } = await session.atPortal(context, "Carla", "/admin/webhooks");
    await page.getByRole("button", { name: "New webhook…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Address").fill("not an address");
    await dialog.getByRole("button", { name: "Create the webhook" }).click();
    await dialog.locator("[aria-invalid=true]").waitFor();
    await dialog.getByLabel("Address").fill("https://hooks.example.com/cv");
    await dialog.getByLabel("All events").uncheck();
    await dialog.getByText("Choose at least one event.").waitFor();
    await dialog.getByLabel("job.*").check();
    await dialog.getByText(/types of commit/).click();
    await dialog.getByLabel("commit.approved").check();
    expect(await violationsIn(page), "a new webhook").toEqual([]);
    await keepPicture("admin-webhook-form");
    await dialog.getByRole("button", { name: "Create the webhook" }).click();
    expect(await page.getByTestId("secret").textContent()).toMatch(/^whsec_/);
    await page.getByRole("button", { name: "I have stored it" }).click();
    const events = async () => (await reads<ReplyOf<"listWebhooks">>("/webhooks")).webhooks.map((each) => each.events);
    expect(await events()).toEqual([["job.*", "commit.approved"]]);
    await page.getByRole("button", { name: "Edit webhook 1" }).click();
    await dialog.getByText(/types of job/).click();
    await dialog.getByLabel("job.progress").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await events())[0]).not.toContain("job.progress");
    await page.getByRole("button", { name: "Disable webhook 1" }).click();
    await page.getByTestId("webhook-1").getByText("Disabled", { exact: true }).waitFor();
    expect(await violationsIn(page), "webhooks").toEqual([]);
    await keepPicture("admin-webhooks");
    await page.getByRole("button", { name: "Delete webhook 1" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("There are no webhooks.").waitFor();
  },
);

test(
  "targets are added, tested, moved, given new secrets and removed in the portal, by clicks",
  { timeout: 180_000 },
  async (context) => {
    const { page, reads, keepPicture, complaints } = await session.atPortal(context, "Carla", "/admin/targets");
    const order = async () => (await reads<ReplyOf<"listTargets">>("/targets")).targets.map(({ name }) => name);
    const click = (name: string) => page.getByRole("button", { name, exact: true }).click();
    const toast = (hasText: string) => page.getByTestId("toast-good").filter({ hasText }).waitFor();
    const dialog = page.getByRole("dialog");
    await click("Test d1cv");
    await toast("d1cv answers, and takes the read token and our signature.");
    await click("Move earlier: ai-agent");
    await toast("Pushes go to ai-agent, then d1cv from now on.");
    await expect
      .poll(() => page.getByTestId("targets").locator("h3").allTextContents())
      .toEqual([expect.stringContaining("1 ai-agent"), expect.stringContaining("2 d1cv")]);
    expect(await order()).toEqual(["ai-agent", "d1cv"]);
    expect(await violationsIn(page), "targets").toEqual([]);
    await keepPicture("admin-targets");

    const secrets = secretsOf("ai-agent");
    await click("Remove target ai-agent");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await toast("ai-agent is removed, with its secrets.");
    await page.getByTestId("target-ai-agent").waitFor({ state: "detached" });
    expect(await order()).toEqual(["d1cv"]);

    await click("Add a target…");
    await dialog.getByRole("button", { name: "Test and add" }).click();
    expect(await dialog.getByText("Fill this in.").count()).toBe(5);
    await dialog.getByLabel("Name", { exact: true }).fill("ai-agent");
    await dialog.getByLabel("Short name").fill("ai");
    await dialog.getByLabel("Portfolio").fill("noor-vega");
    await dialog.getByLabel("Service", { exact: true }).selectOption("ai-agent");
    await dialog.getByLabel("Request secret").fill(secrets.request);
    await dialog.getByLabel("Webhook secret").fill("too short");
    await dialog.getByLabel("Read token").fill(secrets.read);
    await dialog.getByRole("button", { name: "Test and add" }).click();
    await dialog.getByText("The webhook secret must be").waitFor();
    expect(await dialog.locator("input[type=password]").count()).toBe(3);
    expect(await violationsIn(page), "a new target").toEqual([]);
    await keepPicture("admin-target-form");
    await dialog.getByLabel("Webhook secret").fill(secrets.webhook);
    await dialog.getByRole("button", { name: "Test and add" }).click();
    await toast("ai-agent took the secrets and is added.");
    expect(await order()).toEqual(["d1cv", "ai-agent"]);

    await click("Rotate secrets of ai-agent");
    await dialog.getByLabel("Read token").fill("a-token-that-it-does-not-take");
    await dialog.getByRole("button", { name: "Test and store" }).click();
    await dialog.getByText("does not take the read token").waitFor();
    expect(await violationsIn(page), "new secrets").toEqual([]);
    await keepPicture("admin-target-secrets");
    await dialog.getByLabel("Read token").fill("");
    const next = `whsec_${btoa("a new webhook secret of ai-agent")}`;
    await dialog.getByLabel("Webhook secret").fill(next);
    await dialog.getByRole("button", { name: "Test and store" }).click();
    await toast("ai-agent took the secrets. Its webhooks may be signed with the one before as well");
    await click("Rotate secrets of ai-agent");
    for (const label of ["Request secret", "Webhook secret", "Read token"])
      expect(await dialog.getByLabel(label).inputValue(), "filled in").toBe("");
    const left = await page.evaluate(() => [
      document.documentElement.outerHTML,
      JSON.stringify([localStorage, sessionStorage]),
      location.href,
    ]);
    for (const secret of [next, ...Object.values(secrets)]) expect(left.join("\n")).not.toContain(secret);
    expect(complaints).toEqual([]);
  },
);

test(
  "targets, dead letters, doctor and signing out have their place on a phone as well",
  { timeout: 180_000 },
  async (context) => {
    const { page, keepPicture, complaints } = await session.atPortal(context, "Carla", "/admin/targets", "phone");
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width(), "targets").toBeLessThanOrEqual(390);
    await page.getByRole("link", { name: "rebuild a search index" }).click();
    await page.getByRole("button", { name: "Rebuild the search index of ai-agent" }).click();
    await page.getByTestId("toast-good").filter({ hasText: "ai-agent rebuilds its search index from" }).waitFor();
    const rebuild = page.getByRole("button", { name: /^Rebuild the search index/ });
    expect(await rebuild.count(), "d1cv has no index").toBe(1);
    expect(await violationsIn(page), "comparing").toEqual([]);
    await keepPicture("phone-verify");
    await page.getByRole("link", { name: "Admin" }).click();
    await page.getByRole("link", { name: "Targets", exact: true }).click();
    expect(await page.getByTestId("target-d1cv").getByText("Answers").count()).toBe(1);
    expect(await violationsIn(page), "targets").toEqual([]);
    await keepPicture("admin-phone-targets");
    await page.getByRole("link", { name: "Dead letters" }).click();
    await page.getByText("There are no dead letters.").waitFor();
    expect(await violationsIn(page), "dead letters").toEqual([]);
    await page.getByRole("link", { name: "Doctor" }).click();
    const findings = page.getByTestId("findings");
    await findings.getByText("The target takes our signature (ai-agent)").waitFor();
    expect(await findings.getByText("OK", { exact: true }).count()).toBeGreaterThan(15);
    expect(await findings.getByText("Not looked at").count(), "clocks without a date").toBe(0);
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByRole("button", { name: "Look again" }).waitFor();
    expect(await violationsIn(page), "doctor").toEqual([]);
    await keepPicture("admin-phone-doctor");
    await page.getByRole("link", { name: "People" }).click();
    await page.getByTestId("members").waitFor();
    await keepPicture("admin-phone-roles");
    expect(await width(), "people").toBeLessThanOrEqual(390);
    await page.getByRole("button", { name: "Sign out" }).click();
    expect(await violationsIn(page), "the menu to sign out").toEqual([]);
    await page.getByRole("menuitem", { name: "Sign out here" }).click();
    await page.getByRole("button", { name: "Sign in with Slack" }).waitFor();
    expect(complaints).toEqual([]);
  },
);
