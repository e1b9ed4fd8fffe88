import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { Button } from "../components/button.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Section } from "../components/section.tsx";
import { Pill } from "../components/state.tsx";
import { useActionItems, useMe, useTargets } from "../data/queries.ts";
import { AddTargetDialog } from "./add-target-dialog.tsx";
import { RotateTargetDialog } from "./rotate-target-dialog.tsx";
import { TargetRow } from "./target-row.tsx";

export const Targets = (): ReactNode => (
  <>
    {useMe().data?.permissions.includes("targets") === true ? <ManagedTargets /> : <TargetHealth />}
    <p className="more">
      <Link href="/verify" className="button">
        Verify, or rebuild a search index
      </Link>
    </p>
  </>
);

/** For people who manage them. */
const ManagedTargets = (): ReactNode => {
  const [isNew, setNew] = useState(false);
  const targetList = useTargets();
  const [rotated, setRotated] = useState<string | null>(null);
  return (
    <Section
      title="Where pushes go"
      aside={
        <Button look="primary" isSmall onClick={() => setNew(true)}>
          Add a target…
        </Button>
      }
    >
      <p className="fine">In the order of a push. Secrets are stored encrypted, and shown nowhere.</p>
      <Load query={targetList} what="the targets">
        {({ targets }) => (
          <List className="rows" testId="targets" items={targets} empty="There are no targets yet.">
            {(target) => (
              <TargetRow
                key={target.name}
                target={target}
                place={targets.indexOf(target)}
                count={targets.length}
                rotate={() => setRotated(target.name)}
              />
            )}
          </List>
        )}
      </Load>
      {isNew && <AddTargetDialog services={targetList.data?.services ?? []} close={() => setNew(false)} />}
      {rotated !== null && <RotateTargetDialog target={rotated} close={() => setRotated(null)} />}
    </Section>
  );
};

/** For others: whether each answers. */
const TargetHealth = (): ReactNode => {
  const targets = useMe().data?.targets ?? [];
  return (
    <Load query={useActionItems()} what="the targets">
      {({ down }) => (
        <ul className="rows" data-testid="targets">
          {targets.map((target) => {
            const isDown = down.some((each) => each.target === target);
            return (
              <li key={target} className="row centred" data-testid={`target-${target}`}>
                <div className="row-main">
                  <h2 className="row-title">{target}</h2>
                  {isDown && <p className="fine">Pushes to it wait, and continue once it answers.</p>}
                </div>
                <Pill text={isDown ? "Does not answer" : "Answers"} tone={isDown ? "bad" : "good"} />
              </li>
            );
          })}
        </ul>
      )}
    </Load>
  );
};
