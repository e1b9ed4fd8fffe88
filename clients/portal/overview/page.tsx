import { Fragment, type ReactNode } from "react";
import { Link } from "wouter";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { useMe, useActionItems } from "../data/queries.ts";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Activity } from "./activity.tsx";
import { Work } from "./work.tsx";
import { Staged } from "./staged.tsx";
import { TargetsDown } from "./targets-down.tsx";
import { UnreadableRows } from "./unreadable-rows.tsx";

/** First what the reader can do, then what is in progress, then the rest. */
export const WorkPage = (): ReactNode => {
  const me = useMe().data;
  return (
    <Page
      title="Work"
      lead={<Counts />}
      aside={
        me?.permissions.includes("stage") === true && (
          <Link href="/stage" className="button primary">
            <Icon name="plus" /> Stage a change
          </Link>
        )
      }
    >
      <TargetsDown />
      <UnreadableRows />
      <div className="columns">
        <div className="column">
          <Work />
          <Staged />
        </div>
        <Activity />
      </div>
    </Page>
  );
};

/** Each leads to its section. */
const Counts = (): ReactNode => {
  const counts = useActionItems().data?.counts;
  if (!counts) return null;
  const parts = [
    ...(counts.actionItems > 0 ? [{ to: "action-items", text: plural(counts.actionItems, "action item") }] : []),
    ...(counts.onTheWay > 0
      ? [{ to: "moving", text: `${plural(counts.onTheWay, "push", "pushes")} in progress` }]
      : []),
    ...(counts.waiting > 0 ? [{ to: "waiting", text: `${counts.waiting} waiting for others` }] : []),
  ];
  if (parts.length === 0) return <p>Nothing is pending.</p>;
  return (
    <p>
      {parts.map(({ to, text }, index) => (
        <Fragment key={to}>
          {index > 0 && " · "}
          <a href={`#${to}`}>{text}</a>
        </Fragment>
      ))}
    </p>
  );
};
