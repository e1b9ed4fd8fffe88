/** `/cv targets`: typed, clicked and filled in, with secrets that nothing shows. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { parseCredentials } from "../../../shared/targets/credentials.ts";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { database, logged, slack, targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, botWith, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, approver } = people;

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const secretsOf = (target: string) => {
  const found = parseCredentials(env.TARGET_CREDENTIALS ?? "")[target];
  if (!found) throw new Error(`no credentials of ${target}`);
  return { request: found.request[0] ?? "", webhook: found.webhook[0] ?? "", read: found.read };
};

const typedSecrets = ({ request, webhook, read }: ReturnType<typeof secretsOf>) => ({
  secret_request: request,
  secret_webhook: webhook,
  secret_read: read,
});

const names = async (): Promise<unknown[]> => (await world.rows("targets")).map(({ name }) => name);

const agentForm = () => ({
  name: "ai-agent",
  alias: "ai",
  portfolio: world.portfolioId,
  service: "ai-agent",
  ...typedSecrets(secretsOf("ai-agent")),
});

/** Everything that is shown, sent, logged or stored. */
const everywhere = async (): Promise<string> =>
  JSON.stringify([
    logged,
    slack.messages,
    slack.answers,
    slack.views.contents,
    await world.rows("job_events"),
    await world.rows("targets"),
    await world.rows("dead_letters"),
  ]);

describe("targets by commands", () => {
  test("the order of targets is changed by a click and by typing", async () => {
    const shown = await lookAt(world, admin, "targets show ai");
    await shown.click("Push earlier");
    expect(shown.said).toContain("`ai-agent`, then `d1cv`");
    const { said } = await world.mustSay(admin, "targets", /Targets/);
    expect(said.indexOf("ai-agent")).toBeLessThan(said.indexOf("d1cv"));
    await world.mustSay(admin, "targets first d1cv", /`d1cv`, then `ai-agent` from now on/);
  });

  test("/cv targets lists health and asks no target, and shows, tests and removes one", async () => {
    const { said } = await world.mustSay(admin, "targets", /ai-agent/);
    expect(said).toMatch(/d1cv[\s\S]*portfolio `noor-vega`[\s\S]*pushes go there/);
    const pings = () => targets.d1cv.requests.filter((request) => request === "POST /api/admin/ping");
    expect(pings()).toEqual([]);
    await world.mustSay(admin, "targets show d1cv", /Version|says no version/);
    expect(pings()).toHaveLength(1);
    await world.mustSay(admin, "targets test d1cv", /`d1cv` answers, and takes the read token and our signature/);
    targets.d1cv.mood = "down";
    await world.mustSay(admin, "targets test d1cv", /:warning:/);
    await world.mustSay(admin, "targets show d1cv", /says no version/);
    await world.mustSay(admin, "targets remove ai", /`ai-agent` is removed, with its secrets/);
    expect(await names()).toEqual(["d1cv"]);
    await world.mustSay(admin, "targets remove d1cv", /`d1cv` is the only target/);
  });

  test.each([
    [approver, "targets", /Only an admin may manage targets/],
    [approver, "targets add", /Only an admin may manage targets/],
    [approver, "targets remove d1cv", /Only an admin may manage targets/],
    [admin, "targets test", /Say which target, by its name/],
    [admin, "targets test d1vc", /d1vc/],
    [admin, "targets rotate d1cv whsec_c2VjcmV0", /is too much/],
    [admin, "targets add archive", /is too much: a form asks for everything/],
    [admin, "targets tests d1cv", /nothing to do with a target\. Did you mean `test`/],
  ])("/cv targets refuses, by %s: %s", async (who, typed, said) => {
    await world.mustSay(who, typed, said);
    expect(await names()).toEqual(["d1cv", "ai-agent"]);
  });
});

describe("targets by clicks", () => {
  test("a target is removed, added by a form and given new secrets, which nothing shows", async () => {
    const driver = await lookAt(world, admin, "targets");
    await driver.click("Show", 1);
    await driver.click("Test");
    expect(driver.said).toMatch(/`ai-agent` answers[\s\S]*portfolio `noor-vega`/);
    await driver.click("Remove");
    expect(driver.said).toMatch(/`ai-agent` is removed/);
    expect(await names()).toEqual(["d1cv"]);
    await driver.click("Add a target…");
    const form = new Screen(world, admin);
    await form.submit({ ...agentForm(), secret_request: "whsec_short" });
    expect(form.errors["secret_request"]).toContain("whsec_, followed by");
    await form.submit(agentForm());
    expect(form.said).toContain("`ai-agent` took the secrets and is added");
    expect(await names()).toEqual(["d1cv", "ai-agent"]);
    slack.views.closeAll();
    const again = await lookAt(world, admin, "targets");
    await again.click("Show", 0);
    await again.click("New secrets…");
    const next = `whsec_${btoa("a new webhook secret of d1cv ...")}`;
    const rotation = new Screen(world, admin);
    await rotation.submit({ secret_webhook: next });
    expect(rotation.said).toContain("signed with the secret before as well");
    const all = await everywhere();
    for (const secret of [...Object.values(secretsOf("ai-agent")), next]) expect(all).not.toContain(secret);
  });

  test("a form with secrets is kept nowhere while D1 gives no answer, and says so", async () => {
    await world.mustSay(admin, "targets remove ai-agent", /is removed/);
    const form = await new Screen(world, admin).command("targets add");
    world.send = botWith({ DB: database });
    database.mood = "down";
    await form.submit(agentForm());
    database.mood = "well";
    expect(form.said).toMatch(/could not finish this. Check with `?\/cv targets/);
    expect(await names()).toEqual(["d1cv"]);
    const all = await everywhere();
    for (const secret of Object.values(secretsOf("ai-agent"))) expect(all).not.toContain(secret);
    await form.submit(agentForm());
    expect(await names()).toEqual(["d1cv", "ai-agent"]);
  });
});
