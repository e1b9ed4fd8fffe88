/** Who calls: a program with a token of ours, or a person whom Cloudflare Access has signed in. */
import { sha256Hex } from "../../shared/digest.ts";
import { tokenShape, tokenState } from "../../shared/domain/token.ts";
import { log } from "../../shared/log.ts";
import { type Result, fail, ok } from "../../shared/result.ts";
import { read, write } from "../../shared/storage/database.ts";
import { noteTokenUse, tokenByHashQuery } from "../../shared/storage/tokens.ts";
import { connectedWorkspacesQuery } from "../../shared/storage/workspaces.ts";
import type { Deps } from "../env.ts";
import { findByEmail } from "../slack/directory.ts";
import { checkAccess } from "./access.ts";
import type { Caller } from "./caller.ts";
import type { HttpReason } from "./explain.ts";

type Outcome = Result<Caller, Extract<HttpReason, { code: "unauthorized" | "unavailable" | "workspace_needed" }>>;

const hourMs = 60 * 60_000;

const unauthorized = (because: string) => fail({ code: "unauthorized", because });

/** A WebSocket in a browser cannot set a header: its token comes as a subprotocol. */
const tokenProtocol = "cv-ops.token.";

const tokenOf = (headers: Headers): string | null => {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.get("Authorization") ?? "") ?? [];
  if (bearer !== undefined) return bearer;
  const offered = (headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((each) => each.trim());
  return offered.find((each) => each.startsWith(tokenProtocol))?.slice(tokenProtocol.length) ?? null;
};

/** @param waitUntil for what nobody waits for */
export const authenticate = async (
  deps: Deps,
  request: Request,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<Outcome> => {
  const token = tokenOf(request.headers);
  if (token !== null) return byToken(deps, token, waitUntil);
  if (request.headers.has("Authorization")) return unauthorized("The Authorization header is not a bearer token.");
  const jwt = request.headers.get("Cf-Access-Jwt-Assertion");
  if (jwt !== null && deps.access !== null) return byAccess(deps, request, jwt);
  return unauthorized("Nobody has said who this is.");
};

const byToken = async (deps: Deps, token: string, waitUntil: (work: Promise<unknown>) => void): Promise<Outcome> => {
  if (!tokenShape.test(token)) return unauthorized("This is not a token of CV Ops.");
  const [known] = await read(deps.db, tokenByHashQuery(deps.db, await sha256Hex(token)));
  if (!known || deps.installation(known.workspaceId) === null) return unauthorized("The token is not known.");
  const { id, name, scopes, userId, expiresAt, lastUsedAt } = known.token;
  const nowMs = deps.nowMs();
  const now = new Date(nowMs).toISOString();
  const state = tokenState(known.token, now);
  if (state !== "active") return unauthorized(`The token "${name}" is ${state}.`);
  const hourAgo = new Date(nowMs - hourMs).toISOString();
  if (lastUsedAt === null || lastUsedAt < hourAgo) {
    waitUntil(noteUse(deps, () => noteTokenUse(deps.db, known.workspaceId, id, now, hourAgo)));
  }
  const actor = { kind: "token", id: userId, token: { id, name, scopes } } as const;
  return ok({ workspaceId: known.workspaceId, actor, expiresAt });
};

/** Nobody's request fails because of it. */
const noteUse = async ({ db }: Deps, statement: () => D1PreparedStatement): Promise<void> => {
  try {
    await write(db, [statement()]);
  } catch (error) {
    log("token.use_not_noted", { error: String(error) });
  }
};

const byAccess = async (deps: Deps, request: Request, jwt: string): Promise<Outcome> => {
  if (deps.access === null) throw new Error("Access is not configured");
  const checked = await checkAccess(deps.access, jwt, deps.nowMs());
  if (!checked.ok) return "unavailable" in checked ? fail({ code: "unavailable" }) : unauthorized(checked.because);
  const { email, expiresAt } = checked;
  const workspaceId = await workspaceOf(deps, request);
  if (workspaceId === null) return fail({ code: "workspace_needed" });
  const person = await findByEmail(deps, workspaceId, email);
  if (person === "unavailable") return fail({ code: "unavailable" });
  if (person.userId === null) {
    return unauthorized(`Slack knows nobody by ${email}: sign in with the address that you have there.`);
  }
  return ok({ workspaceId, actor: { kind: "access", id: person.userId }, expiresAt });
};

/** The one that the request names, or the only one there is. */
const workspaceOf = async (deps: Deps, request: Request): Promise<string | null> => {
  const named = request.headers.get("CV-Workspace") ?? new URL(request.url).searchParams.get("workspace");
  const [connected] = await read(deps.db, connectedWorkspacesQuery(deps.db, named, 2));
  const [only] = connected;
  return only !== undefined && connected.length === 1 && deps.installation(only) !== null ? only : null;
};
