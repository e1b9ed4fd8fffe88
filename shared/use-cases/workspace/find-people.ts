import type { Result } from "../../result.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

/** Whether the acting person may look for people by name: whoever gives them roles. */
export const mayFindPeople = async (ctx: UseCaseContext): Promise<Result<null, Refused>> => {
  const [session] = await openSession(ctx);
  return permit(session, "roles");
};
