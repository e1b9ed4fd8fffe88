import { addTarget } from "../../../shared/use-cases/targets/add-target.ts";
import { listTargets } from "../../../shared/use-cases/targets/list-targets.ts";
import { moveTarget } from "../../../shared/use-cases/targets/move-target.ts";
import { removeTarget } from "../../../shared/use-cases/targets/remove-target.ts";
import { rotateTargetSecrets } from "../../../shared/use-cases/targets/rotate-target-secrets.ts";
import { testTarget } from "../../../shared/use-cases/targets/test-target.ts";
import { defined } from "../../../shared/defined.ts";
import type { Handlers } from "./handler.ts";

export const targetHandlers = {
  listTargets: ({ ctx }) => listTargets(ctx),

  addTarget: ({ ctx, body: { alias = null, service = null, url = null, ...rest } }) =>
    addTarget(ctx, { ...rest, alias, service, url }),

  testTarget: ({ ctx, params }) => testTarget(ctx, params),

  rotateTargetSecrets: ({ ctx, params: { target }, body: { secrets, keepsOldWebhook = false } }) =>
    rotateTargetSecrets(ctx, { target, secrets: defined(secrets), keepsOldWebhook }),

  moveTarget: ({ ctx, params: { target }, body: { to } }) => moveTarget(ctx, { target, move: to }),

  removeTarget: ({ ctx, params }) => removeTarget(ctx, params),
} satisfies Partial<Handlers>;
