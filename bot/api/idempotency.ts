/** A repeat of a request with an idempotency key gets the same reply; another request with the key is refused. */
import { sha256Hex } from "../../shared/digest.ts";
import { type Result, fail, ok } from "../../shared/result.ts";
import { type SavedReply, claimKey, claimQuery, releaseKey, saveReply } from "../../shared/storage/api-replies.ts";
import { writeQuietly } from "../../shared/storage/write.ts";
import type { Forbidden } from "../../shared/use-cases/session.ts";
import type { Deps } from "../env.ts";
import type { Caller } from "./caller.ts";
import { withoutSecret } from "./secrets.ts";

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

export type Replayed = SavedReply & { replayed: boolean };

/** Of a request that had an effect, so that a repeat must not have another. What was refused may be asked for anew. */
const isKept = (status: number): boolean => status < 400;

export interface Work {
  run: () => Promise<SavedReply>;
  /** Whether whoever repeats the request may have its reply, today and with the token in hand. */
  mayHave: () => Promise<Result<null, Forbidden>>;
}

/**
 * Runs the request, or answers with what it was answered with. What was under way when its answer was lost is run
 * again: the use case finds its idempotency record, and its effect is not repeated. Whatever was refused leaves no row.
 */
export const onceOnly = async (
  { databases, nowMs }: Pick<Deps, "databases" | "nowMs">,
  { caller, key, method, path, body }: KeyedRequest,
  { run, mayHave }: Work,
): Promise<Result<Replayed, { code: "idempotency_key_reused" } | Forbidden>> => {
  const { workspaceId } = caller;
  const db = databases.of(workspaceId);
  const idempotencyKey = idempotencyKeyOf(caller, key);
  const fingerprint = await sha256Hex(`${method} ${path}\n${body}`);
  const existing = claimQuery(workspaceId, idempotencyKey);
  const now = new Date(nowMs()).toISOString();
  const claimed = await writeQuietly(db, [claimKey({ workspaceId, now }, idempotencyKey, fingerprint), existing]);
  if (!claimed.written) throw new Error("A claim cannot conflict");
  const claim = claimed.results.of(existing);
  if (claim && claim.fingerprint !== fingerprint) return fail({ code: "idempotency_key_reused" });
  if (claim?.reply) {
    const allowed = await mayHave();
    return allowed.ok ? ok({ ...claim.reply, replayed: true }) : allowed;
  }
  const reply = await run();
  const at = { workspaceId, now };
  await writeQuietly(db, [
    isKept(reply.status)
      ? saveReply(at, idempotencyKey, fingerprint, withoutSecret(reply))
      : releaseKey(at, idempotencyKey),
  ]);
  return ok({ ...reply, replayed: false });
};
