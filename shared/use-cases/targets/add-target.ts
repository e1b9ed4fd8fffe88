import type { Refusal } from "../../contract/refusals.ts";
import { invalidateSetupCard } from "../../storage/cards.ts";
import { closest } from "../../domain/closest.ts";
import { maxPortfolioIdLength, maxTargets, targetNameShape } from "../../domain/pushes/target-name.ts";
import { type Result, fail, ok } from "../../result.ts";
import { mustChange } from "../../storage/database.ts";
import { type TargetBinding, insertTarget, unsealed } from "../../storage/pushes/targets.ts";
import { checkAddress } from "../../targets/address.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type Session, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { type TargetSecrets, checkSecrets, proveCredentials } from "./target-secrets.ts";

export interface AddTargetInput {
  name: string;
  /** What people may type for the name; null: nothing else. */
  alias: string | null;
  /** By which the target knows this workspace's rows. */
  portfolioId: string;
  /** A target of the operator's, by name, which the bot reaches itself; or */
  service: string | null;
  /** a public address. */
  url: string | null;
  secrets: TargetSecrets;
}

/** What is shown of a target. It has no secrets. */
export type ShownTarget = Pick<TargetBinding, "name" | "alias" | "position" | "portfolioId" | "url">;

export type AddTargetReason = WriteRefusal<
  | "invalid_target_name"
  | "target_exists"
  | "too_many_targets"
  | "portfolio_required"
  | "unknown_service"
  | "url_not_allowed"
  | "invalid_target_secret"
  | "target_not_proven"
>;

/** Pushes go there from now on, after the other targets. It is called before, which changes nothing. */
export const addTarget = repeatable(
  async (ctx: UseCaseContext, input: AddTargetInput): Promise<Result<ShownTarget, AddTargetReason>> => {
    const [session] = await openSession(ctx);
    const allowed = permit(session, "targets");
    if (!allowed.ok) return allowed;
    const drafted = draftOf(ctx, session, input);
    if (!drafted.ok) return drafted;
    const { request, webhook, read } = input.secrets;
    const proven = await proveCredentials(ctx, drafted.value, { request: [request], webhook: [webhook], read });
    if (!proven.ok) return proven;
    const { name, alias, position, portfolioId, url } = proven.value;
    return commitBatch<ShownTarget>(
      ctx,
      { name, alias, position, portfolioId, url },
      [mustChange(insertTarget(proven.value, atNow(ctx).now)), invalidateSetupCard(atNow(ctx))],
      { type: "target.added", data: { target: name, portfolioId } },
    );
  },
);

type DraftReason = Refusal<
  | "invalid_target_name"
  | "target_exists"
  | "too_many_targets"
  | "portfolio_required"
  | "unknown_service"
  | "url_not_allowed"
  | "invalid_target_secret"
>;

const draftOf = (ctx: UseCaseContext, session: Session, input: AddTargetInput): Result<TargetBinding, DraftReason> => {
  const { name, alias, portfolioId, secrets } = input;
  for (const typed of alias === null ? [name] : [name, alias]) {
    if (!targetNameShape.test(typed)) return fail({ code: "invalid_target_name", typed });
    if (session.targets.some((other) => other.name === typed || other.alias === typed)) {
      return fail({ code: "target_exists", target: typed });
    }
  }
  if (session.targets.length >= maxTargets) return fail({ code: "too_many_targets", max: maxTargets });
  if (portfolioId.trim() === "" || portfolioId.length > maxPortfolioIdLength) {
    return fail({ code: "portfolio_required", maxLength: maxPortfolioIdLength });
  }
  const place = placeOf(ctx, input);
  if (!place.ok) return place;
  const checked = checkSecrets(secrets);
  if (!checked.ok) return checked;
  const position = Math.max(-1, ...session.targets.map((target) => target.position)) + 1;
  const { workspaceId } = ctx;
  return ok({ workspaceId, name, alias, position, portfolioId, ...place.value, credentials: name, ...unsealed });
};

/** A service of the operator's by name, so that nobody reaches another binding of the Worker; or an allowed host. */
const placeOf = (
  { services, targetAddresses }: UseCaseContext,
  { service, url }: AddTargetInput,
): Result<Pick<TargetBinding, "binding" | "url">, Refusal<"unknown_service" | "url_not_allowed">> => {
  if (url !== null) {
    const address = checkAddress(url, targetAddresses);
    return address.ok ? ok({ binding: null, url: address.value.href }) : address;
  }
  const typed = service ?? "";
  const allowed = services.map(({ name }) => name);
  const found = services.find(({ name }) => name === typed);
  if (!found) return fail({ code: "unknown_service", typed, suggestion: closest(typed, allowed), allowed });
  return ok({ binding: found.binding, url: found.url });
};
