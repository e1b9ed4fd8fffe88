import type { ReactNode } from "react";
import type { ApiCommitDetail, ApiOperation } from "../../../shared/contract/resources.ts";
import { cancelledMessage, sizeText } from "../../../shared/messages/en/commits.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { Button } from "../components/button.tsx";
import { ActionSign, FieldDiffs, RowKind } from "../components/diff.tsx";
import { List } from "../components/list.tsx";
import { MessageText } from "../components/message-text.tsx";
import { Section } from "../components/section.tsx";
import { useOperations } from "../data/queries.ts";

/** What a push does, by the targets that get the same; the first rows, and the others page by page. */
export const CommitDiff = ({ commit }: { commit: ApiCommitDetail }): ReactNode => {
  const { pages, more } = useOperations(commit);
  const operations = pages.flatMap((page) => page.operations);
  const groups = [...Map.groupBy(operations, ({ targets }) => targets.join(" and "))];
  const left = commit.operationCount - operations.length;
  return (
    <>
      {groups.map(([targets, own]) => (
        <Section key={targets} title={`What changes at ${targets}`}>
          <List className="rows" testId="operations" items={own} empty={null}>
            {(operation) => <OperationRow key={`${operation.entityType}/${operation.entityId}`} {...operation} />}
          </List>
        </Section>
      ))}
      <p className="fine">
        {sizeText(commit.rowCount, commit.changes.length)}
        {commit.cancelled.map((row) => (
          <span key={row.numbers.join()}>
            {" "}
            · <MessageText message={cancelledMessage(row)} />
          </span>
        ))}
      </p>
      {left > 0 && (
        <p className="more">
          <Button aria-disabled={more.isFetching} onClick={more.load}>
            {more.isFetching ? "Loading…" : `Show more: ${plural(left, "operation")} not shown yet`}
          </Button>
        </p>
      )}
      {more.failed && <p className="error">The next rows could not be loaded. Try again.</p>}
    </>
  );
};

const OperationRow = (operation: ApiOperation): ReactNode => (
  <li className="row">
    <ActionSign action={operation.action} />
    <div className="row-main">
      <h3>
        {operation.name} <RowKind {...operation} />
      </h3>
      <FieldDiffs {...operation} />
    </div>
  </li>
);
