import type { Conflict, ErrorBody } from "../../shared/targets/protocol.ts";

/** The reason of a refused request. `cause` of `unauthorized` is only logged. */
export type Refusal =
  | { code: "unauthorized"; cause: string }
  | { code: "invalid_request"; message: string }
  | { code: "too_large"; message: string }
  | { code: "callback_not_allowed"; message: string }
  | { code: "conflict"; conflicts: Conflict[] }
  | { code: "cancelled" }
  | { code: "not_found"; message: string }
  | { code: "not_supported"; message: string }
  | { code: "busy" };

interface RefusalAnswer {
  status: 401 | 404 | 409 | 413 | 422 | 501 | 503;
  body: ErrorBody;
}

/** The response to a refusal. Every `unauthorized` is the same, with any cause. */
export const answerOf = (refusal: Refusal): RefusalAnswer => {
  const body = (message: string): ErrorBody => ({ error: refusal.code, message });
  switch (refusal.code) {
    case "unauthorized":
      return { status: 401, body: body("The caller is unknown.") };
    case "not_found":
      return { status: 404, body: body(refusal.message) };
    case "conflict":
      return {
        status: 409,
        body: { ...body("Rows have changed; nothing was applied."), conflicts: refusal.conflicts },
      };
    case "cancelled":
      return { status: 409, body: body("The job was cancelled; nothing was applied.") };
    case "too_large":
      return { status: 413, body: body(refusal.message) };
    case "invalid_request":
    case "callback_not_allowed":
      return { status: 422, body: body(refusal.message) };
    case "not_supported":
      return { status: 501, body: body(refusal.message) };
    case "busy":
      return { status: 503, body: body("Other writes kept coming in between; send the same request again.") };
  }
};
