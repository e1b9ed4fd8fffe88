/** What each target holds, compared with what was pushed: what differs, and what to do about it. */
import { type ReactNode, useState } from "react";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { Section } from "../components/section.tsx";
import { type Me, useMe, useVerify } from "../data/queries.ts";
import { TargetChoice } from "../stage/target-choice.tsx";
import { RebuildButton } from "./rebuild-button.tsx";
import { RowDifference } from "./row-difference.tsx";
import { type Verified, rowsAt } from "./rows.ts";

export const VerifyPage = (): ReactNode => {
  const me = useMe();
  return (
    <Page title="Verify" lead={<p>What the targets hold, compared with what was pushed to them.</p>}>
      <Load query={me} what="your role">
        {(reader) =>
          reader.permissions.includes("verify") ? (
            <Comparison me={reader} />
          ) : (
            <p className="empty">Approvers and admins compare the targets; your role is {reader.role}.</p>
          )
        }
      </Load>
    </Page>
  );
};

const Comparison = ({ me }: { me: Me }): ReactNode => {
  const query = useVerify();
  const [left, setLeft] = useState<readonly string[]>([]);
  const chosen = me.targets.filter((target) => !left.includes(target));
  return (
    <>
      <div className="filters">
        <TargetChoice
          all={me.targets}
          chosen={chosen}
          onChange={(now) => setLeft(me.targets.filter((target) => !now.includes(target)))}
        />
        <Button aria-disabled={query.isFetching} onClick={() => void query.refetch()}>
          {query.isFetching ? "Comparing…" : "Compare again"}
        </Button>
      </div>
      <Load query={query} what="every row of the targets">
        {(verified) => (
          <div aria-busy={query.isFetching} data-testid="comparison">
            {chosen.map((target) => (
              <TargetPart key={target} target={target} verified={verified} me={me} />
            ))}
            {verified.differenceCount > verified.differences.length && (
              <p className="fine">
                {`${plural(verified.differenceCount - verified.differences.length, "more difference")} will be listed after these.`}
              </p>
            )}
          </div>
        )}
      </Load>
    </>
  );
};

/** More are shown on request. */
const rowsAtOnce = 50;

const TargetPart = ({ target, verified, me }: { target: string; verified: Verified; me: Me }): ReactNode => {
  const [max, setMax] = useState(rowsAtOnce);
  const check = verified.targets.find((each) => each.target === target);
  const rows = rowsAt(verified.differences, target);
  const shown = rows.slice(0, max);
  const hasIndex = typeof check?.found?.vectorCount === "number";
  return (
    <Section
      title={target}
      count={rows.length}
      aside={hasIndex && me.permissions.includes("reindex") && <RebuildButton target={target} />}
    >
      <Stores check={check} />
      {check?.found && rows.length === 0 && (
        <p className="good">
          <Icon name="check" /> Every row is as it was pushed.
        </p>
      )}
      {shown.map((row) => (
        <RowDifference key={`${row.entityType}/${row.entityId}`} row={row} me={me} />
      ))}
      {rows.length > shown.length && (
        <p className="more">
          <Button onClick={() => setMax(max + rowsAtOnce)}>
            {`Show more: ${plural(rows.length - shown.length, "row")} not shown yet`}
          </Button>
        </p>
      )}
    </Section>
  );
};

/** What the target says of its own stores. */
const Stores = ({ check }: { check: Verified["targets"][number] | undefined }): ReactNode => {
  if (!check?.found) {
    return (
      <p className="notice wait">
        <Icon name="alert" /> It is unknown what it holds: {check?.problem ?? "it was not asked yet"}.
      </p>
    );
  }
  const { d1Count, vectorCount, synced, mismatches } = check.found;
  return (
    <>
      <p className="fine">
        {plural(d1Count, "row")}
        {vectorCount === null ? "" : `, ${plural(vectorCount, "vector")}`}
      </p>
      {!synced && (
        <p className="notice wait">
          <Icon name="alert" /> Its stores do not agree in {plural(mismatches.length, "row")}: rebuild its search index.
        </p>
      )}
      {check.unreadable.length > 0 && (
        <ul className="facts">
          {check.unreadable.map(({ id, cause }) => (
            <li key={`${id ?? ""}${cause}`}>
              The row {id ?? "without an id"} cannot be read: {cause}
            </li>
          ))}
        </ul>
      )}
    </>
  );
};
