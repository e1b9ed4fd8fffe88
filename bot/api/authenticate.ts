/** Who calls: a program with a token of ours, or a person whom Cloudflare Access or Slack has signed in. */
import type { Refusal } from "../../shared/contract/refusals.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { tokenShape, tokenState } from "../../shared/domain/workspace/token.ts";
import { log } from "../../shared/log.ts";
import { type Result, fail, ok } from "../../shared/result.ts";
import { writeQuietly } from "../../shared/storage/write.ts";
import { noteTokenUse, tokenByHashQuery } from "../../shared/storage/workspace/tokens.ts";
import type { Deps } from "../env.ts";
import { signedIn } from "../../shared/use-cases/workspace/sign-in.ts";
import { type Membership, membershipsOf, withNames } from "../slack/core/directory.ts";
import { checkAccess } from "./access.ts";
import type { Caller } from "./caller.ts";
import { readCookie } from "./sign-in/cookies.ts";

export interface Authenticated {
  caller: Caller;
  /** Of whom Access has signed in; null for others, whose proof belongs to one workspace. */
  email: string | null;
}

type Outcome = Result<Authenticated, Refusal<"unauthorized" | "unavailable" | "workspace_required">> & {
  /** Whose proof is not valid any more, for the log. */
  claimed?: Pick<Caller, "workspaceId" | "actor">;
};

const hourMs = 60 * 60_000;

const unauthorized = (because: string) => fail({ code: "unauthorized", because });

/** With how people sign in here: the portal offers it. */
const signedOut = (because: string) => fail({ code: "unauthorized", because, signIn: "slack" });

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
  if (deps.signInWithSlack !== null) return bySlack(deps, request, waitUntil);
  return unauthorized("Nobody has said who this is.");
};

const byToken = async (deps: Deps, token: string, waitUntil: (work: Promise<unknown>) => void): Promise<Outcome> => {
  if (!tokenShape.test(token)) return unauthorized("This is not a token of CV Ops.");
  const found = await deps.databases.find(tokenByHashQuery(await sha256Hex(token)));
  const stored = found?.value;
  if (!stored) return unauthorized("The token is unknown.");
  if (stored.isUninstalled)
    return unauthorized("CV Ops was removed from the token's workspace. Installed again, it takes the token again.");
  const { id, name, scopes, userId, expiresAt, lastUsedAt } = stored.token;
  const nowMs = deps.nowMs();
  const now = new Date(nowMs).toISOString();
  const state = tokenState(stored.token, now);
  const actor = { kind: "token", id: userId, token: { id, name, scopes } } as const;
  if (state !== "active") {
    return {
      ...unauthorized(`The token "${name}" is ${state}.`),
      claimed: { workspaceId: stored.workspaceId, actor },
    };
  }
  const hourAgo = new Date(nowMs - hourMs).toISOString();
  if (lastUsedAt === null || lastUsedAt < hourAgo) {
    waitUntil(
      quietly(() => writeQuietly(found.db, [noteTokenUse({ workspaceId: stored.workspaceId, now }, id, hourAgo)])),
    );
  }
  return ok({ caller: { workspaceId: stored.workspaceId, actor, expiresAt, signInId: null }, email: null });
};

/** Nobody's request fails because of it. */
const quietly = async (note: () => Promise<unknown>): Promise<void> => {
  try {
    await note();
  } catch (error) {
    log("api.use_not_noted", { error: String(error) });
  }
};

/** The workspace that a request is for, where a person may belong to several. */
const workspaceNamed = (request: Request): string | null =>
  request.headers.get("CV-Workspace") ?? new URL(request.url).searchParams.get("workspace");

/** By the cookie. A sign-in belongs to the workspace that was chosen at Slack's page. */
const bySlack = async (deps: Deps, request: Request, waitUntil: (work: Promise<unknown>) => void): Promise<Outcome> => {
  const secret = readCookie(request.headers, "signIn", deps.publicOrigin);
  if (secret === null) return signedOut("Nobody is signed in here.");
  const found = await signedIn(deps, secret);
  if (found === null) return signedOut("Your sign-in has ended: sign in again.");
  const { workspaceId, userId, expiresAt, id: signInId } = found.signIn;
  const named = workspaceNamed(request);
  if (named !== null && named !== workspaceId) {
    const own = await withNames(deps, [{ workspaceId, name: null, userId }]);
    return fail({ code: "workspace_required", workspaces: own.map(workspaceReply), signIn: "slack" });
  }
  if (found.extend !== null) waitUntil(quietly(found.extend));
  return ok({ caller: { workspaceId, actor: { kind: "access", id: userId }, expiresAt, signInId }, email: null });
};

const byAccess = async (deps: Deps, request: Request, jwt: string): Promise<Outcome> => {
  if (deps.access === null) throw new Error("Access is not configured");
  const checked = await checkAccess(deps.access, jwt, deps.nowMs());
  if (!checked.ok) return "unavailable" in checked ? fail({ code: "unavailable" }) : unauthorized(checked.because);
  const { email, expiresAt } = checked;
  const named = workspaceNamed(request);
  const { all, isWhole } = await membershipsOf(deps, email, named);
  const chosen = all.find(({ workspaceId }) => workspaceId === named);
  // Without a name it is the only one: which that is, shows when all have been looked at.
  const found = chosen ?? (named === null && isWhole && all.length === 1 ? all[0] : undefined);
  if (found) {
    const actor = { kind: "access", id: found.userId } as const;
    return ok({ caller: { workspaceId: found.workspaceId, actor, expiresAt, signInId: null }, email });
  }
  if (!isWhole) return fail({ code: "unavailable" });
  if (all.length === 0) {
    return unauthorized(`Slack knows nobody by ${email}: sign in with the address that you have there.`);
  }
  return fail({ code: "workspace_required", workspaces: (await withNames(deps, all)).map(workspaceReply) });
};

/** As the API shows a workspace to somebody who belongs to it. */
export const workspaceReply = ({ workspaceId, name }: Membership) => ({ id: workspaceId, name });
