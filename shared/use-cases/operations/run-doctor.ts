import type { Finding } from "../../domain/operations/checks.ts";
import { type Result, ok } from "../../result.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

/** What doctor finds, for admins. @param examine looks at the service and the workspace; changes nothing */
export const runDoctor = async (
  ctx: UseCaseContext,
  examine: () => Promise<Finding[]>,
): Promise<Result<Finding[], Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "settings");
  return allowed.ok ? ok(await examine()) : allowed;
};
