import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import type { StoredEvent } from "../domain/events/archive.ts";
import { archiveKey, readArchive, writeArchive } from "./archive-object.ts";

const bucket = env.HISTORY;
const workspaceId = "TOBJECT";
const position = 7;
const key = archiveKey(workspaceId, position);

const event = (number: number, data = "{}"): StoredEvent => ({
  id: number + 100,
  number,
  type: "change.edited",
  commit_id: null,
  push_id: null,
  job_id: null,
  attempt: null,
  actor_kind: "slack",
  actor_id: "U1",
  data,
  trace_id: "t",
  created_at: "2026-11-30T08:00:00.000Z",
  token_id: null,
});
const events = [event(3584), event(3585, '{"a":"é"}')];
const write = (rows: StoredEvent[], etag: string | null = null) =>
  writeArchive(bucket, { workspaceId, position, events: rows }, { etag, archive: null });
const readAs = (sha256: string) => readArchive(bucket, workspaceId, { position, sha256 });

beforeEach(() => bucket.delete(key));

test("an archive is read as it was written, by its digest", async () => {
  const written = await write(events);
  expect(await readAs(written?.sha256 ?? "")).toMatchObject({ events, sha256: written?.sha256, bytes: written?.bytes });
  expect(await readAs("0".repeat(64))).toBe("damaged");
  await bucket.delete(key);
  expect(await readAs(written?.sha256 ?? "")).toBe("missing");
});

test("an archive of another workspace or place is damaged, whatever its digest", async () => {
  const written = await write(events);
  const body = await (await bucket.get(key))?.arrayBuffer();
  await bucket.put(archiveKey("TOTHER", position), body ?? null);
  expect(await readArchive(bucket, "TOTHER", { position, sha256: written?.sha256 ?? "" })).toBe("damaged");
});

test("an archive that somebody else has written since is not overwritten", async () => {
  const first = await write(events);
  expect(await write([event(1)])).toBeNull();
  expect(await write([event(1)], "another etag")).toBeNull();
  expect(await readAs(first?.sha256 ?? "")).toMatchObject({ events });
});

test("an archive that has replaced another is read under the digest of the one before, and no other is", async () => {
  const first = await write(events);
  const found = await readAs(first?.sha256 ?? "");
  if (typeof found === "string") throw new Error(found);
  const erased = [event(3584, '{"erased":true}')];
  const next = { etag: found.etag, archive: found };
  const second = await writeArchive(bucket, { workspaceId, position, events: erased }, next);
  expect(await readAs(first?.sha256 ?? "")).toMatchObject({ events: erased, sha256: second?.sha256 });
  expect(await readAs("0".repeat(64))).toBe("damaged");
});
