/** A repeat of a request with an idempotency key gets the same reply; another request with the key is refused. */
import * as z from "zod/mini";
import { sha256Hex } from "../../shared/digest.ts";
import { type Result, fail, ok } from "../../shared/result.ts";
import { type SavedReply, claimKey, claimQuery, saveReply } from "../../shared/storage/api-replies.ts";
import { writeQuietly } from "../../shared/storage/write.ts";
import type { Deps } from "../env.ts";
import type { Caller } from "./caller.ts";

const keyShape = /^[\x21-\x7e]{1,200}$/;

export const readKey = (headers: Headers): Result<string | null, { code: "invalid_idempotency_key" }> => {
  const key = headers.get("Idempotency-Key");
  return key === null || keyShape.test(key) ? ok(key) : fail({ code: "invalid_idempotency_key" });
};

/** Under which D1 knows the request: keys of two people never meet. */
export const idempotencyKeyOf = ({ actor }: Caller, key: string): string => `api:${actor.id}:${key}`;

export interface KeyedRequest {
  caller: Caller;
  key: string;
  method: string;
  path: string;
  body: string;
}

const secretive = z.looseObject({ meta: z.looseObject({ secret: z.string() }) });

/** As it may be kept: what is shown once is shown in the first answer alone. A lost secret is rotated. */
const withoutSecret = (reply: SavedReply): SavedReply => {
  const body = secretive.safeParse(reply.body);
  return body.success ? { ...reply, body: { ...body.data, meta: { ...body.data.meta, secret: null } } } : reply;
};

export type Replayed = SavedReply & { replayed: boolean };

/** Answers that say nothing about the request: it may be sent again with its key. */
const isTransient = (status: number): boolean => status >= 500 || status === 401 || status === 429;

/**
 * Runs the request, or answers with what it was answered with. What was under way when its answer was lost is run
 * again: the use case finds its idempotency record, and its effect is not repeated.
 */
export const onceOnly = async (
  { db, nowMs }: Pick<Deps, "db" | "nowMs">,
  { caller, key, method, path, body }: KeyedRequest,
  run: () => Promise<SavedReply>,
): Promise<Result<Replayed, { code: "idempotency_key_reused" }>> => {
  const { workspaceId } = caller;
  const idempotencyKey = idempotencyKeyOf(caller, key);
  const fingerprint = await sha256Hex(`${method} ${path}\n${body}`);
  const existing = claimQuery(workspaceId, idempotencyKey);
  const now = new Date(nowMs()).toISOString();
  const claimed = await writeQuietly(db, [claimKey({ workspaceId, now }, idempotencyKey, fingerprint), existing]);
  if (!claimed.written) throw new Error("A claim cannot conflict");
  const claim = claimed.results.of(existing);
  if (claim && claim.fingerprint !== fingerprint) return fail({ code: "idempotency_key_reused" });
  if (claim?.reply) return ok({ ...claim.reply, replayed: true });
  const reply = await run();
  if (!isTransient(reply.status))
    await writeQuietly(db, [saveReply(workspaceId, idempotencyKey, withoutSecret(reply))]);
  return ok({ ...reply, replayed: false });
};
