import type { ReactNode } from "react";
import { Link } from "wouter";
import { useMe, useNeeds } from "../data/queries.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { plural } from "../words/words.ts";
import { Activity } from "./activity.tsx";
import { Moving, Pending } from "./pending.tsx";
import { Staged } from "./staged.tsx";
import { TargetsDown } from "./targets-down.tsx";

export const WorkPage = (): ReactNode => {
  const me = useMe().data;
  const needs = useNeeds().data;
  const mine = needs?.needs.length ?? 0;
  const moving = needs?.onTheWay.length ?? 0;
  const waiting = needs?.waiting.length ?? 0;
  const parts = [
    ...(mine > 0 ? [`${plural(mine, "thing")} ${mine === 1 ? "needs" : "need"} you`] : []),
    ...(moving > 0 ? [`${moving} ${moving === 1 ? "push" : "pushes"} on the way`] : []),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? "waits" : "wait"} for others`] : []),
  ];
  return (
    <Page
      title="Work"
      lead={needs && <p>{parts.length === 0 ? "Nothing waits for anybody." : `${parts.join(", ")}.`}</p>}
      aside={
        me?.permissions.includes("stage") === true && (
          <Link href="/stage" className="button primary">
            <Icon name="plus" /> Stage a change
          </Link>
        )
      }
    >
      <TargetsDown />
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
