/** One row that differs at a target: what is expected, live here and live elsewhere, and the three ways on. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Button } from "../components/button.tsx";
import { RowKind } from "../components/diff.tsx";
import { labelsOf } from "../data/labels.ts";
import type { Me } from "../data/queries.ts";
import { type DifferingRow, expectedBy, liveAt, sideText } from "./rows.ts";
import { useDifferenceActions } from "./use-difference-actions.ts";

interface RowProps {
  row: DifferingRow;
  me: Me;
}

export const RowDifference = ({ row, me }: RowProps): ReactNode => (
  <article className="conflict" aria-label={`${row.name} at ${row.target}`}>
    <h3>
      {row.name} <RowKind {...row} />
    </h3>
    <Values row={row} />
    <Actions row={row} me={me} />
  </article>
);

const Values = ({ row: { entityType, fields, target, otherTargets } }: { row: DifferingRow }): ReactNode => {
  const { labelOf } = labelsOf(entityType);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Expected</th>
          <th scope="col">Live at {target}</th>
          {otherTargets.map((other) => (
            <th key={other} scope="col">
              Live at {other}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fields.map((difference) => (
          <tr key={difference.field ?? ""}>
            <th scope="row">{difference.field === null ? "The row" : labelOf(difference.field)}</th>
            <td>
              {sideText(difference.expected)}{" "}
              <span className="fine">
                {difference.commitNumber === null ? (
                  expectedBy(difference)
                ) : (
                  <Link href={`/commits/${difference.commitNumber}`}>{expectedBy(difference)}</Link>
                )}
              </span>
            </td>
            <td>{sideText(difference.live)}</td>
            {otherTargets.map((other) => (
              <td key={other}>{liveAt(difference, other)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Actions = ({ row, me }: RowProps): ReactNode => {
  const { push, fix, accept, isBusy } = useDifferenceActions(row);
  const may = (permission: Me["permissions"][number]): boolean => me.permissions.includes(permission);
  const action = (isOffered: boolean, text: string, { start }: { start: () => unknown }, look?: "primary") =>
    isOffered && (
      <Button
        isSmall
        look={look}
        aria-disabled={isBusy}
        aria-label={`${text}: ${row.name} at ${row.target}`}
        onClick={() => void start()}
      >
        {text}
      </Button>
    );
  return (
    <div className="buttons">
      {action(
        row.pushAgain !== null && may("push"),
        push.isBusy ? "Pushing…" : `Push #${row.pushAgain} again`,
        push,
        "primary",
      )}
      {action(row.canFix && may("stage"), fix.isBusy ? "Staging…" : "Stage a fix", fix)}
      {action(may("verify"), accept.isBusy ? "Accepting…" : "Accept what is live", accept)}
    </div>
  );
};
