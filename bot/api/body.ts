import type { Refusal } from "../../shared/contract/refusals.ts";
import { readWithin } from "../../shared/read-within.ts";
import { type Result, fail, ok } from "../../shared/result.ts";

/** A change of every field of an entity takes a few kilobytes, a choice about 200 conflicts some hundred. */
const maxBytes = 1024 * 1024;

export interface JsonBody {
  text: string;
  json: unknown;
}

type BodyReason = Refusal<"too_large" | "malformed_body" | "unsupported_media_type">;

const isJson = (contentType: string): boolean => /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);

/** No body at all is an empty object: operations without a needed field can be asked for with `curl -X POST`. */
export const readBody = async (request: Request): Promise<Result<JsonBody, BodyReason>> => {
  const bytes = await readWithin(request, maxBytes);
  if (!bytes) return fail({ code: "too_large", maxBytes });
  if (bytes.byteLength === 0) return ok({ text: "", json: {} });
  if (!isJson(request.headers.get("Content-Type") ?? "")) return fail({ code: "unsupported_media_type" });
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return ok({ text, json: JSON.parse(text) as unknown });
  } catch {
    return fail({ code: "malformed_body" });
  }
};
