import { type ReactNode, useState } from "react";
import { useClient } from "../app/session-context.ts";
import { Dialog } from "../components/dialog.tsx";
import { keys } from "../data/keys.ts";
import { useAction } from "../data/use-action.ts";
import { refusedTarget } from "./refused-target.ts";
import { SecretFields, noSecrets, uses } from "./secret-fields.tsx";

export const RotateTargetDialog = ({ target, close }: { target: string; close: () => void }): ReactNode => {
  const client = useClient();
  const [secrets, setSecrets] = useState(noSecrets);
  const [keepsOldWebhook, setKeeps] = useState(true);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const rotate = useAction({
    run: (given: Parameters<typeof client.rotateTargetSecrets>[1], options) =>
      client.rotateTargetSecrets({ target }, given, options),
    done: ({ webhookSecrets }) =>
      webhookSecrets > 1
        ? `${target} took the secrets. Its webhooks may be signed with the one before as well, until the next rotation.`
        : `${target} took the secrets, and they count from now on.`,
    affects: [keys.targets],
    onRefused: (problem) => {
      const refused = refusedTarget(problem, "");
      setErrors(refused ?? {});
      return refused !== null;
    },
  });
  const submit = async (): Promise<void> => {
    const filled = uses.filter((use) => secrets[use] !== "").map((use) => [use, secrets[use]]);
    const done = await rotate.start({ secrets: Object.fromEntries(filled), keepsOldWebhook });
    if (done) close();
  };
  return (
    <Dialog
      title={`New secrets of ${target}`}
      yes="Test and store"
      busy="Testing…"
      isBusy={rotate.isBusy}
      onYes={() => void submit()}
      onNo={close}
    >
      <p>The target has to take them already. It is called with them, and nothing is stored if it does not.</p>
      <SecretFields
        isOptional
        secrets={secrets}
        errors={errors}
        enter={(use, secret) => {
          setSecrets({ ...secrets, [use]: secret });
          setErrors({});
        }}
      />
      <label className="choice">
        <input type="checkbox" checked={keepsOldWebhook} onChange={(event) => setKeeps(event.target.checked)} />
        <span>Take webhooks that are signed with the secret before, until the next rotation</span>
      </label>
    </Dialog>
  );
};
