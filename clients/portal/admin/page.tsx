/** Administration: what it is about is chosen by tabs, which are links. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Page } from "../components/page.tsx";
import { Loading } from "../components/load.tsx";
import { useMe } from "../data/queries.ts";
import { DeadLetters } from "./dead-letters.tsx";
import { Doctor } from "./doctor.tsx";
import { Log } from "./log.tsx";
import { PersonalData } from "./personal-data.tsx";
import { Roles } from "./roles.tsx";
import { type SectionName, sections, sectionsFor } from "./sections.ts";
import { SettingsForm } from "./settings.tsx";
import { Targets } from "./targets.tsx";
import { Tokens } from "./tokens.tsx";
import { Webhooks } from "./webhooks.tsx";

const contents: Record<SectionName, ReactNode> = {
  roles: <Roles />,
  settings: <SettingsForm />,
  tokens: <Tokens />,
  webhooks: <Webhooks />,
  "dead-letters": <DeadLetters />,
  targets: <Targets />,
  doctor: <Doctor />,
  "personal-data": <PersonalData />,
  log: <Log />,
};

/** @param name of the address; the first that the reader may open where there is none */
export const AdminPage = ({ name }: { name: string | null }): ReactNode => {
  const me = useMe().data;
  if (!me) return <Loading text="Loading your role…" />;
  const offered = sectionsFor(me);
  const section = name === null ? offered[0] : sections.find((each) => each.name === name);
  const isOffered = section !== undefined && offered.includes(section);
  return (
    <Page key={section?.name} title={section?.title ?? "Administration"}>
      <nav className="tabs" aria-label="Administration">
        {offered.map((each) => (
          <Link key={each.name} href={`/admin/${each.name}`} aria-current={each === section ? "page" : undefined}>
            {each.title}
          </Link>
        ))}
      </nav>
      {isOffered ? (
        contents[section.name]
      ) : (
        <p className="empty">
          {section ? `This is for other roles; yours is ${me.role}. An admin can change it.` : "There is no such page."}
        </p>
      )}
    </Page>
  );
};
