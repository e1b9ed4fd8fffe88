import { plural } from "../../../shared/messages/en/grammar.ts";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useMe, useActionItems } from "../data/queries.ts";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Activity } from "./activity.tsx";
import { Moving, Pending } from "./pending.tsx";
import { Staged } from "./staged.tsx";
import { TargetsDown } from "./targets-down.tsx";
import { UnreadableRows } from "./unreadable-rows.tsx";

export const WorkPage = (): ReactNode => {
  const me = useMe().data;
  const actionItems = useActionItems().data;
  const mine = actionItems?.actionItems.length ?? 0;
  const moving = actionItems?.onTheWay.length ?? 0;
  const waiting = actionItems?.waiting.length ?? 0;
  const parts = [
    ...(mine > 0 ? [plural(mine, "action item")] : []),
    ...(moving > 0 ? [`${plural(moving, "push", "pushes")} in progress`] : []),
    ...(waiting > 0 ? [`${waiting} waiting for others`] : []),
  ];
  return (
    <Page
      title="Work"
      lead={actionItems && <p>{parts.length === 0 ? "Nothing is pending." : `${parts.join(", ")}.`}</p>}
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
          <Moving />
          <Staged />
          <Pending />
        </div>
        <Activity />
      </div>
    </Page>
  );
};
