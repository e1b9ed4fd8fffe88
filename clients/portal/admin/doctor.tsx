import type { ReactNode } from "react";
import { findingText, verdictMessage } from "../../../shared/messages/en/findings.ts";
import { Button } from "../components/button.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Section } from "../components/section.tsx";
import { Pill } from "../components/state.tsx";
import { type Finding, useDoctor } from "../data/queries.ts";

/** What is wrong with the bot, its Slack app and its targets, first; then what could not be looked at, and the rest. */
export const Doctor = (): ReactNode => {
  const query = useDoctor();
  return (
    <Load query={query} what="what doctor finds">
      {(findings) => (
        <Section
          title={verdictMessage(findings)}
          aside={
            <Button isSmall aria-disabled={query.isFetching} onClick={() => void query.refetch()}>
              {query.isFetching ? "Looking…" : "Look again"}
            </Button>
          }
        >
          <List className="rows" testId="findings" items={findings.toSorted((a, b) => rank(a) - rank(b))} empty={null}>
            {(finding) => <FindingRow key={`${finding.check} ${finding.about}`} finding={finding} />}
          </List>
        </Section>
      )}
    </Load>
  );
};

const rank = ({ ok }: Finding): number => [false, null, true].indexOf(ok);

const looks = {
  true: { text: "OK", tone: "good" },
  false: { text: "Wrong", tone: "bad" },
  null: { text: "Not looked at", tone: "quiet" },
} as const;

const FindingRow = ({ finding }: { finding: Finding }): ReactNode => (
  <li className="row centred">
    <div className="row-main">
      <p>{findingText(finding)}</p>
      {finding.remedy !== null && <p className="fine">{finding.remedy}</p>}
    </div>
    <Pill {...looks[`${finding.ok}`]} />
  </li>
);
