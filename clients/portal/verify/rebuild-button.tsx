import type { ReactNode } from "react";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { useAction } from "../data/use-action.ts";
import { allOf } from "../messages/format.ts";

/** For a target that has an index. */
export const RebuildButton = ({ target }: { target: string }): ReactNode => {
  const client = useClient();
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
  return (
    <Button
      isSmall
      aria-label={`Rebuild the search index of ${target}`}
      aria-disabled={reindex.isBusy}
      onClick={() => void reindex.start()}
    >
      {reindex.isBusy ? "Starting…" : "Rebuild the search index"}
    </Button>
  );
};
