import type { ReactNode } from "react";
import { Link } from "wouter";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { reconciledMessages } from "../../../shared/messages/en/reconciliation.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Load } from "../components/load.tsx";
import { Pill } from "../components/state.tsx";
import { keys } from "../data/keys.ts";
import { useActionItems, useMe } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { allOf } from "../messages/format.ts";

/** Whether each answers, and what can be done about its stores. */
export const Targets = (): ReactNode => {
  const targets = useMe().data?.targets ?? [];
  return (
    <Load query={useActionItems()} what="the targets">
      {({ down }) => (
        <>
          <ul className="rows" data-testid="targets">
            {targets.map((target) => (
              <TargetRow key={target} target={target} isDown={down.some((each) => each.target === target)} />
            ))}
          </ul>
          <p className="more">
            <Link href="/verify" className="button">
              Compare every row of the targets
            </Link>
          </p>
        </>
      )}
    </Load>
  );
};

const TargetRow = ({ target, isDown }: { target: string; isDown: boolean }): ReactNode => {
  const client = useClient();
  const mayReindex = useMe().data?.permissions.includes("reindex") === true;
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
  const mayReconcile = useMe().data?.permissions.includes("targets") === true;
  const reconcile = useAction({
    run: (_: void, options) => client.reconcile({ target }, options),
    done: (reconciled) =>
      reconciledMessages(reconciled)
        .map((each) => plainText(each))
        .join(" "),
    affects: [keys.commits, keys.actionItems],
  });
  return (
    <li className="row centred" data-testid={`target-${target}`}>
      <div className="row-main">
        <h2 className="row-title">{target}</h2>
        {isDown && <p className="fine">Pushes to it wait, and continue once it answers.</p>}
      </div>
      <Pill text={isDown ? "Does not answer" : "Answers"} tone={isDown ? "bad" : "good"} />
      {mayReindex && (
        <Button
          isSmall
          aria-label={`Rebuild the search index of ${target}`}
          aria-disabled={reindex.isBusy}
          onClick={() => void reindex.start()}
        >
          {reindex.isBusy ? "Starting…" : "Rebuild the search index"}
        </Button>
      )}
      {mayReconcile && (
        <Button
          isSmall
          aria-label={`Reconcile ${target} after a rewind`}
          aria-disabled={reconcile.isBusy}
          onClick={() => void reconcile.start()}
        >
          {reconcile.isBusy ? "Comparing…" : "Reconcile"}
        </Button>
      )}
    </li>
  );
};
