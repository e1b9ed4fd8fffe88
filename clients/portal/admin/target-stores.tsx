import type { ReactNode } from "react";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { reconciledMessages } from "../../../shared/messages/en/reconciliation.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { keys } from "../data/keys.ts";
import { useMe } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { allOf } from "../messages/format.ts";

/** What may be done about the stores of a target, by the reader's role. */
export const StoreButtons = ({ target }: { target: string }): ReactNode => {
  const client = useClient();
  const permissions = useMe().data?.permissions ?? [];
  const reindex = useAction({
    run: (_: void, options) => client.reindex({ target }, options),
    done: ({ begun, without, failed }) =>
      [
        ...begun.map(({ rows }) => `${target} rebuilds its search index from ${plural(rows, "row")}.`),
        ...(without.length > 0 ? [`${allOf(without)} has no search index.`] : []),
        ...failed.map(({ message }) => `${target} could not begin: ${message}`),
      ].join(" "),
    affects: [],
  });
  const reconcile = useAction({
    run: (_: void, options) => client.reconcile({ target }, options),
    done: (reconciled) =>
      reconciledMessages(reconciled)
        .map((each) => plainText(each))
        .join(" "),
    affects: [keys.commits, keys.actionItems],
  });
  return (
    <>
      {permissions.includes("reindex") && (
        <Button
          isSmall
          aria-label={`Rebuild the search index of ${target}`}
          aria-disabled={reindex.isBusy}
          onClick={() => void reindex.start()}
        >
          {reindex.isBusy ? "Starting…" : "Rebuild the search index"}
        </Button>
      )}
      {permissions.includes("targets") && (
        <Button
          isSmall
          aria-label={`Reconcile ${target} after a rewind`}
          aria-disabled={reconcile.isBusy}
          onClick={() => void reconcile.start()}
        >
          {reconcile.isBusy ? "Comparing…" : "Reconcile"}
        </Button>
      )}
    </>
  );
};
