import { type Permission, type Role, permissionNames } from "../../domain/workspace/roles.ts";
import { type Result, ok } from "../../result.ts";
import type { Mode } from "../../storage/workspace/workspaces.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, allows, openSession, permit } from "../session.ts";

export interface Self {
  role: Role;
  /** With what they came with. */
  permissions: Permission[];
  /** Names, in the order of application. */
  targets: string[];
  mode: Mode;
  approvalsNeeded: number;
}

/** What the acting person may do here. */
export const describeSelf = async (ctx: UseCaseContext): Promise<Result<Self, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  return ok({
    role: session.role,
    permissions: permissionNames.filter((permission) => allows(session, permission)),
    targets: session.targets.map(({ name }) => name),
    mode: session.workspace.mode,
    approvalsNeeded: session.workspace.approvalsNeeded,
  });
};
