/** Commits by what they wait for: the reader, a push, or somebody else. */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { ownActionItem } from "../../../shared/messages/en/action-items.ts";
import { type ActionItems, firstPage, maxActionItems, useActionItems } from "../data/queries.ts";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { MessageText } from "../components/message-text.tsx";
import { Section } from "../components/section.tsx";
import { ShowMore } from "../components/show-more.tsx";
import { useNow } from "../components/use-now.ts";
import { CommitCard, CommitRow } from "./commit-card.tsx";
import { isFolded } from "./lately-pushed.ts";

type Item = ActionItems["actionItems"][number];

export const Work = (): ReactNode => {
  const [limit, setLimit] = useState(firstPage);
  const work = useActionItems(limit);
  const more = (shown: number, all: number): ReactNode =>
    shown >= maxActionItems && all > shown ? (
      <p className="more">
        <Link href="/commits">{all - shown} more in the list of commits</Link>
      </p>
    ) : (
      <ShowMore
        what="commit"
        left={all - shown}
        isBusy={work.isFetching}
        onMore={() => setLimit(Math.min(maxActionItems, limit + 40))}
      />
    );
  return (
    <Load query={work} what="the commits">
      {({ actionItems, onTheWay, finished, waiting, counts }) => (
        <>
          <Section title="Action items" id="action-items" count={counts.actionItems}>
            <List className="cards" testId="action-items" items={actionItems} empty="You have no action items.">
              {(item) => <OwnItem key={item.commit?.number ?? item.kind} item={item} />}
            </List>
            {more(actionItems.length, counts.actionItems)}
          </Section>
          <Moving moving={onTheWay} finished={finished}>
            {more(onTheWay.length, counts.onTheWay)}
          </Moving>
          {counts.waiting > 0 && (
            <Section title="Waiting for others" id="waiting" count={counts.waiting}>
              <List className="rows" testId="waiting" items={waiting} empty={null}>
                {({ commit, ...step }) => commit && <CommitRow key={commit.number} commit={commit} step={step} />}
              </List>
              {more(waiting.length, counts.waiting)}
            </Section>
          )}
        </>
      )}
    </Load>
  );
};

const OwnItem = ({ item }: { item: Item }): ReactNode => {
  const { commit, ...step } = item;
  if (commit) return <CommitCard commit={commit} step={step} />;
  return (
    <li className="card mine slim">
      <span>
        <MessageText message={ownActionItem(item)} />
      </span>
      {item.kind === "commit" && <a href="#staged">See the staged changes</a>}
      {item.kind === "dead_letters" && <Link href="/admin/dead-letters">See the dead letters</Link>}
    </li>
  );
};

interface MovingProps {
  moving: ActionItems["onTheWay"];
  finished: ActionItems["finished"];
  children: ReactNode;
}

/** Pushes in progress. One that has ended is shown for a minute, and then folded for some more. */
const Moving = ({ moving, finished, children }: MovingProps): ReactNode => {
  const nowMs = useNow();
  const lately = finished.filter((commit) => !isFolded(commit, nowMs));
  const folded = finished.filter((commit) => isFolded(commit, nowMs));
  const whole = [...moving.map(({ commit }) => commit), ...lately];
  if (whole.length === 0 && folded.length === 0) return null;
  return (
    <Section title="Pushes" id="moving" count={moving.length}>
      <List className="cards" testId="moving" items={whole} empty={null}>
        {(commit) => <CommitCard key={commit.number} commit={commit} />}
      </List>
      {children}
      {folded.length > 0 && (
        <details className="folded" data-testid="finished">
          <summary>{folded.length} finished in the last ten minutes</summary>
          <ul className="rows">
            {folded.map((commit) => (
              <CommitRow key={commit.number} commit={commit} />
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
};
