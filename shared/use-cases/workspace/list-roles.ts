import { type Result, ok } from "../../result.ts";
import type { Member } from "../../storage/workspace/workspaces.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, allows, firstAdminOf, openSession, permit } from "../session.ts";

export interface RolesList {
  /** Everyone with a role above viewer; the bootstrap admin while there is no other included. */
  members: Member[];
  /** Whether who asks may change them. */
  mayChange: boolean;
}

/** Who may what: everybody may read it. */
export const listRoles = async (ctx: UseCaseContext): Promise<Result<RolesList, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const { members } = session;
  const admin = firstAdminOf(ctx, session.workspace);
  const isUnclaimed = !members.some(({ role }) => role === "admin");
  const others = members.filter(({ userId }) => !(isUnclaimed && userId === admin));
  return ok({
    members: isUnclaimed && admin !== null ? [...others, { userId: admin, role: "admin" }] : others,
    mayChange: allows(session, "roles"),
  });
};
