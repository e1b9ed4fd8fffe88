import type { ReactNode } from "react";
import { reconciledMessages } from "../../../shared/messages/en/reconciliation.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { keys } from "../data/keys.ts";
import { useAction } from "../data/use-action.ts";

/** After a database was put back in time. */
export const ReconcileButton = ({ target }: { target: string }): ReactNode => {
  const client = useClient();
  const reconcile = useAction({
    run: (_: void, options) => client.reconcile({ target }, options),
    done: (reconciled) =>
      reconciledMessages(reconciled)
        .map((each) => plainText(each))
        .join(" "),
    affects: [keys.commits, keys.actionItems],
  });
  return (
    <Button
      isSmall
      aria-label={`Reconcile ${target} after a rewind`}
      aria-disabled={reconcile.isBusy}
      onClick={() => void reconcile.start()}
    >
      {reconcile.isBusy ? "Comparing…" : "Reconcile"}
    </Button>
  );
};
