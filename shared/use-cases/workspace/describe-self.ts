import { type Permission, type Role, permissionNames } from "../../domain/workspace/roles.ts";
import { type ApiToken, maxTokens } from "../../domain/workspace/token.ts";
import { type Result, ok } from "../../result.ts";
import { tokensQuery } from "../../storage/workspace/tokens.ts";
import type { Mode } from "../../domain/workspace/settings.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type Refused, allows, openSession, permit } from "../session.ts";

export interface Self {
  role: Role;
  /** With what they came with. */
  permissions: Permission[];
  /** Names, in the order of application. */
  targets: string[];
  mode: Mode;
  approvalsNeeded: number;
  /** With which they came; null for a person who came themselves. */
  token: ApiToken | null;
}

/** What the acting person may do here. */
export const describeSelf = async (ctx: UseCaseContext): Promise<Result<Self, Refused>> => {
  const { workspaceId, actor } = ctx;
  const own = { userId: actor.id, endedAfter: nowOf(ctx), limit: maxTokens };
  const [session, tokens] = await openSession(ctx, tokensQuery(workspaceId, own));
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  return ok({
    role: session.role,
    permissions: permissionNames.filter((permission) => allows(session, permission)),
    targets: session.targets.map(({ name }) => name),
    mode: session.workspace.mode,
    approvalsNeeded: session.workspace.approvalsNeeded,
    token: tokens.find(({ id }) => id === session.token?.id) ?? null,
  });
};
