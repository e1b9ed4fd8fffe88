/** New secrets for a target: typed here only, and shown nowhere. */
import * as z from "zod/mini";
import type { ShownTarget } from "../../../shared/use-cases/targets/add-target.ts";
import { rotateTargetSecrets } from "../../../shared/use-cases/targets/rotate-target-secrets.ts";
import { section } from "../blocks/blocks.ts";
import { code } from "../blocks/text.ts";
import { refuse } from "../core/reply.ts";
import { checkboxes, input, option } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { listIn } from "../core/modals/values.ts";
import { secretError, secretInputs, secretsIn } from "./secret-fields.ts";
import { rotatedReply } from "./targets-reply.ts";

const metadata = z.object({ target: z.string() });
const keeps = "keeps_old_webhook";

export const rotateTargetView = ({ name }: Pick<ShownTarget, "name">) =>
  formView({
    name: "rotate-target",
    title: "New secrets",
    submit: "Test and store",
    metadata: { target: name },
    blocks: [
      section(
        `Of ${code(name)}. It has to take them already: it is called with them, and nothing is stored if it does not.`,
      ),
      ...secretInputs({ optional: true }),
      input(
        { id: "overlap", label: "While the target changes", optional: true },
        checkboxes([option("Take webhooks that are signed with the secret before", keeps)], [keeps]),
      ),
    ],
  });

export const rotateTargetModal: Modal = {
  name: "rotate-target",
  submit: async ({ ctx, values, metadata: carried }) => {
    const { target } = metadata.parse(carried);
    const keepsOldWebhook = listIn(values, "overlap").includes(keeps);
    const rotated = await rotateTargetSecrets(ctx, { target, secrets: secretsIn(values), keepsOldWebhook });
    if (rotated.ok) return rotatedReply(rotated.value);
    const { reason } = rotated;
    return reason.code === "invalid_target_secret"
      ? { errors: secretError(reason), code: reason.code }
      : refuse(reason);
  },
};
