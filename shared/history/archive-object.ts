/** An archive as it is in R2: gzip of JSON, under a key of its own, which is rewritten for erasures alone. */
import * as z from "zod/mini";
import { type Archive, type StoredEvent, storedEventSchema } from "../domain/events/archive.ts";
import { jsonText } from "../storage/database.ts";

export type HistoryBucket = Pick<R2Bucket, "head" | "get" | "put">;

const objectSchema = jsonText(
  z.object({
    form: z.literal(1),
    workspaceId: z.string(),
    position: z.int(),
    events: z.array(storedEventSchema),
  }),
);

export const archiveKey = (workspaceId: string, position: number): string =>
  `${workspaceId}/events-${String(position).padStart(8, "0")}.gz`;

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const digestOf = (bytes: ArrayBuffer): Promise<ArrayBuffer> => crypto.subtle.digest("SHA-256", bytes);

/** Metadata of an object hold 2 KB (developers.cloudflare.com/r2/platform/limits). */
const replacedKept = 60;
const replacedLength = 16;

export interface ReadArchive {
  events: StoredEvent[];
  /** Of the object that was read: for a write that replaces no other. */
  etag: string;
  sha256: string;
  /** Of the object. */
  bytes: number;
  /** Beginnings of the digests of what was there before it. */
  replaces: string[];
}

/** Why an archive cannot be read. */
export type ArchiveFault = "missing" | "damaged";

/**
 * The archive as D1 knows it, or one that has replaced it since: D1 may have been put back in time.
 * Throws where R2 gives no answer.
 */
export const readArchive = async (
  bucket: Pick<HistoryBucket, "get">,
  workspaceId: string,
  { position, sha256: known }: Archive,
): Promise<ReadArchive | ArchiveFault> => {
  const found = await bucket.get(archiveKey(workspaceId, position));
  if (found === null) return "missing";
  const bytes = await found.arrayBuffer();
  const sha256 = hexOf(await digestOf(bytes));
  const { sha256: own = "", replaces = "" } = found.customMetadata ?? {};
  const replaced = replaces.split(",").filter((one) => one !== "");
  const isSuccessor = own === sha256 && replaced.includes(known.slice(0, replacedLength));
  if (sha256 !== known && !isSuccessor) return "damaged";
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const { success, data } = objectSchema.safeParse(text);
  if (!success || data.workspaceId !== workspaceId || data.position !== position) return "damaged";
  return { events: data.events, etag: found.etag, sha256, bytes: bytes.byteLength, replaces: replaced };
};

/** What is there before a write; the write fails where somebody else has written since. */
export interface Before {
  etag: string | null;
  /** The object that it replaces; null where it is no archive yet. */
  archive: Pick<ReadArchive, "sha256" | "replaces"> | null;
}

/**
 * Writes an archive, and reads it back.
 * @returns null where somebody else has written it since; throws where R2 has something else than was written
 */
export const writeArchive = async (
  bucket: HistoryBucket,
  { workspaceId, position, events }: { workspaceId: string; position: number; events: readonly StoredEvent[] },
  before: Before,
): Promise<{ sha256: string; bytes: number } | null> => {
  const json = JSON.stringify({ form: 1, workspaceId, position, events });
  const body = await new Response(new Blob([json]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  const digest = await digestOf(body);
  const sha256 = hexOf(digest);
  const key = archiveKey(workspaceId, position);
  const { archive, etag } = before;
  const replaces = archive === null ? [] : [...archive.replaces, archive.sha256.slice(0, replacedLength)];
  // R2 compares the digest, and refuses what arrives as something else.
  const written: R2Object | null = await bucket.put(key, body, {
    sha256: digest,
    customMetadata: { sha256, replaces: replaces.slice(-replacedKept).join(",") },
    onlyIf: etag === null ? { etagDoesNotMatch: "*" } : { etagMatches: etag },
  });
  if (written === null) return null;
  const again = await readArchive(bucket, workspaceId, { position, sha256 });
  if (typeof again === "string" || again.sha256 !== sha256 || again.events.length !== events.length)
    throw new Error(`R2 has something else than was written as ${key}`);
  return { sha256, bytes: body.byteLength };
};
