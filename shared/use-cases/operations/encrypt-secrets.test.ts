import { beforeEach, describe, expect, test } from "vitest";
import { databasesOf } from "../../storage/databases.ts";
import { read } from "../../storage/database.ts";
import { type TargetBinding, targetsQuery } from "../../storage/pushes/targets.ts";
import { createEncryption } from "../../encryption.ts";
import { createCredentialSource } from "../../targets/credential-source.ts";
import type { CredentialsByName } from "../../targets/credentials.ts";
import { freshDatabase } from "../../../test/support/shared/fresh-database.ts";
import { type World, createWorld } from "../../../test/support/shared/world.ts";
import { sealSecrets, secretsByKeyQuery, unsealedSecretsQuery } from "../../storage/webhooks/webhooks.ts";
import { writeQuietly } from "../../storage/write.ts";
import { signingSecrets } from "../webhooks/webhook-secrets.ts";
import { encryptSecrets, keyUses } from "./encrypt-secrets.ts";

beforeEach(freshDatabase);

const keys = (current: string, ...versions: string[]) =>
  createEncryption(
    JSON.stringify({
      current,
      keys: Object.fromEntries(versions.map((version) => [version, btoa(`key ${version}`.padEnd(32, "."))])),
    }),
  );
const credentials = (name: string) => ({
  request: [`whsec_${btoa(`${name} request`.padEnd(32, "."))}`],
  webhook: [`whsec_${btoa(`${name} webhook`.padEnd(32, "."))}`],
  read: `read-token-of-${name}`,
});
const configured: CredentialsByName = { d1cv: credentials("d1cv"), "ai-agent": credentials("ai-agent") };

const contextOf = (world: World, encryption = keys("1", "1"), variable = configured) => ({
  db: world.db,
  databases: databasesOf({ DB: world.db }, world.system.nowMs),
  nowMs: world.system.nowMs,
  encryption,
  credentials: createCredentialSource(encryption, variable),
});

const targetOf = async (world: World, name: string): Promise<TargetBinding> => {
  const [targets] = await read(world.db, targetsQuery(world.workspaceId));
  const target = targets.find((each) => each.name === name);
  if (!target) throw new Error(`no target ${name}`);
  return target;
};

describe("credentials of a variable", () => {
  test("credentials of a variable move into their rows, encrypted, and stay when it is taken away", async () => {
    const world = await createWorld();
    expect(await encryptSecrets(contextOf(world), 100)).toEqual({ sealed: 2, failed: 0 });
    const target = await targetOf(world, "d1cv");
    expect(JSON.stringify(target)).not.toMatch(/whsec_|read-token/);
    expect(target.keyVersion).toBe("1");
    const without = contextOf(world, keys("1", "1"), {});
    expect(await without.credentials.of(target)).toEqual(configured["d1cv"]);
    expect(await encryptSecrets(without, 100)).toEqual({ sealed: 0, failed: 0 });
  });

  test("a variable that has changed counts at once, and fills its rows again", async () => {
    const world = await createWorld();
    await encryptSecrets(contextOf(world), 100);
    const changed = { ...configured, d1cv: credentials("another") };
    const ctx = contextOf(world, keys("1", "1"), changed);
    expect(await ctx.credentials.of(await targetOf(world, "d1cv"))).toEqual(changed.d1cv);
    expect(await encryptSecrets(ctx, 100)).toEqual({ sealed: 1, failed: 0 });
    const emptied = contextOf(world, keys("1", "1"), {});
    expect(await emptied.credentials.of(await targetOf(world, "d1cv"))).toEqual(changed.d1cv);
  });

  test("a row that was copied to another workspace does not decrypt there", async () => {
    const [one, other] = [await createWorld(), await createWorld()];
    await encryptSecrets(contextOf(one), 100);
    await one.run(
      `UPDATE targets SET sealed_credentials = (SELECT sealed_credentials FROM targets WHERE workspace_id = ?1
         AND name = 'd1cv') WHERE workspace_id = ?2 AND name = 'd1cv'`,
      one.workspaceId,
      other.workspaceId,
    );
    const stolen = contextOf(other).credentials.of(await targetOf(other, "d1cv"));
    await expect(stolen).rejects.toThrow("does not decrypt");
  });
});

describe("a rotation of the key", () => {
  test("rows under the old key stay readable, are encrypted again in batches, and the old key is reported unused", async () => {
    const world = await createWorld();
    await encryptSecrets(contextOf(world), 100);
    const both = contextOf(world, keys("2", "1", "2"));
    expect(await both.credentials.of(await targetOf(world, "d1cv"))).toEqual(configured["d1cv"]);
    expect(await keyUses(both)).toEqual([
      { keyVersion: "2", rows: 0, isCurrent: true },
      { keyVersion: "1", rows: 2, isCurrent: false },
    ]);
    expect(await encryptSecrets(both, 1)).toEqual({ sealed: 1, failed: 0 });
    expect(await encryptSecrets(both, 1)).toEqual({ sealed: 1, failed: 0 });
    expect(await encryptSecrets(both, 1)).toEqual({ sealed: 0, failed: 0 });
    expect(await keyUses(both)).toEqual([
      { keyVersion: "2", rows: 2, isCurrent: true },
      { keyVersion: "1", rows: 0, isCurrent: false },
    ]);
    const after = contextOf(world, keys("2", "2"), {});
    expect(await after.credentials.of(await targetOf(world, "ai-agent"))).toEqual(configured["ai-agent"]);
  });

  test("a row whose key is missing fails alone, and its secret is not lost", async () => {
    const world = await createWorld();
    await encryptSecrets(contextOf(world), 100);
    const before = await targetOf(world, "d1cv");
    const wrong = contextOf(
      world,
      createEncryption(
        JSON.stringify({ current: "2", keys: { 1: btoa("wrong".padEnd(32)), 2: btoa("two".padEnd(32)) } }),
      ),
      {},
    );
    expect(await encryptSecrets(wrong, 100)).toEqual({ sealed: 0, failed: 2 });
    expect(await targetOf(world, "d1cv")).toEqual(before);
  });
});

describe("secrets of webhooks", () => {
  const secrets = ["whsec_old", "whsec_new"];
  const createWebhookOfBefore = async (): Promise<World> => {
    const world = await createWorld();
    await encryptSecrets(contextOf(world), 100);
    await world.db
      .prepare(
        `INSERT INTO webhook_endpoints (workspace_id, id, number, url, description, events, profile, state, secret,
           old_secret, old_secret_until, created_by, created_at, updated_at)
         VALUES (?1, 'wh', 1, 'https://example.com', '', '[]', 'fast', 'active', ?2, ?3, '2100-01-01T00:00:00.000Z', 'U', ?4, ?4)`,
      )
      .bind(world.workspaceId, secrets[1], secrets[0], new Date(world.clock.ms).toISOString())
      .run();
    return world;
  };
  const storedIn = async (world: World) => {
    const [found] = await read(world.db, unsealedSecretsQuery(10));
    const [sealed] = await read(world.db, secretsByKeyQuery(["1", "2"], 10));
    return [...found, ...sealed].filter(({ workspaceId }) => workspaceId === world.workspaceId);
  };
  const now = "2026-11-23T08:00:00.000Z";

  test("cron encrypts the secrets of webhooks that the version before has made, and they sign the same", async () => {
    const world = await createWebhookOfBefore();
    expect(await encryptSecrets(contextOf(world), 100)).toEqual({ sealed: 1, failed: 0 });
    const [stored] = await storedIn(world);
    expect(`${stored?.sealedSecret}${stored?.sealedOldSecret}`).not.toMatch(/whsec_/);
    if (!stored) throw new Error("no webhook");
    const alone = { ...stored, secret: "", oldSecret: null };
    expect(await signingSecrets(contextOf(world).encryption, alone, now)).toEqual(secrets.toReversed());
    expect(await encryptSecrets(contextOf(world), 100)).toEqual({ sealed: 0, failed: 0 });
  });

  test("the secrets of webhooks follow a rotation of the key, the old ones of an overlap as well", async () => {
    const world = await createWebhookOfBefore();
    await encryptSecrets(contextOf(world), 100);
    const both = contextOf(world, keys("2", "1", "2"));
    const before = await keyUses(both);
    expect(await encryptSecrets(both, 100)).toEqual({ sealed: 3, failed: 0 });
    expect([before, await keyUses(both)].map((uses) => uses.map(({ rows }) => rows))).toEqual([
      [0, 4],
      [4, 0],
    ]);
    const [stored] = await storedIn(world);
    if (!stored) throw new Error("no webhook");
    const alone = { ...stored, secret: "", oldSecret: null };
    expect(await signingSecrets(keys("2", "2"), alone, now)).toEqual(secrets.toReversed());
  });

  test("a webhook that gets another secret meanwhile keeps it", async () => {
    const world = await createWebhookOfBefore();
    const [stored] = await storedIn(world);
    if (!stored) throw new Error("no webhook");
    await world.db
      .prepare("UPDATE webhook_endpoints SET secret = 'whsec_third' WHERE workspace_id = ?1")
      .bind(world.workspaceId)
      .run();
    await writeQuietly(world.db, [
      sealSecrets(stored, { sealedSecret: "c", keyVersion: "1", sealedOldSecret: null, oldKeyVersion: null }),
    ]);
    expect(await storedIn(world)).toMatchObject([{ secret: "whsec_third", sealedSecret: null }]);
  });
});
