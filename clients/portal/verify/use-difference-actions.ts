import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { useAction } from "../data/use-action.ts";
import type { DifferingRow } from "./rows.ts";

/** What can follow a difference; one action at a time. */
export const useDifferenceActions = ({ target, entityType, entityId, name }: DifferingRow) => {
  const client = useClient();
  const row = { target, entityType, entityId };
  const push = useAction({
    run: (_: void, options) => client.pushAgain(row, options),
    done: ({ number, commit }) => `Push ${number} of commit #${commit} to ${target} has started.`,
    affects: [keys.verify, keys.commits, keys.actionItems],
  });
  const fix = useAction({
    run: (_: void, options) => client.stageFix(row, options),
    done: ({ number, summary }) => `Staged as change ${number}: ${summary}`,
    affects: [keys.verify, keys.staged, keys.actionItems],
  });
  const accept = useAction({
    run: (_: void, options) => client.acceptLive(row, options),
    done: () => `${name} is accepted as it is live at ${target}.`,
    affects: [keys.verify],
  });
  return { push, fix, accept, isBusy: push.isBusy || fix.isBusy || accept.isBusy };
};
