/** What is stored of a person: an admin gives it to them, or erases it, when they ask. */
import { type ReactNode, useState } from "react";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { type PersonExport, useMe, usePersonExport } from "../data/queries.ts";
import { ErasePersonDialog } from "./erase-person-dialog.tsx";
import { Candidates, PersonField, usePersonChoice } from "./person-choice.tsx";

export const PersonalData = (): ReactNode => {
  const choice = usePersonChoice("Say whose data.");
  const [userId, setUserId] = useState<string | null>(null);
  const show = (found: string | null): void => {
    if (found === null) return;
    choice.reset();
    setUserId(found);
  };
  return (
    <>
      <Section title="Whose data">
        <p className="fine">When somebody asks what is stored of them, or asks that it is erased.</p>
        <Form className="filters" onSubmit={() => void choice.look().then(show)}>
          <PersonField choice={choice} />
          <Button type="submit" look="primary" aria-disabled={choice.isLooking}>
            {choice.isLooking ? "Looking…" : "Show what is stored"}
          </Button>
        </Form>
        <Candidates choice={choice} isBusy={choice.isLooking} choose={show} />
      </Section>
      {userId !== null && <Stored key={userId} userId={userId} />}
    </>
  );
};

const Stored = ({ userId }: { userId: string }): ReactNode => {
  const me = useMe().data;
  const query = usePersonExport(userId);
  const [isAsked, setAsked] = useState(false);
  const [pseudonym, setPseudonym] = useState<string | null>(null);
  if (pseudonym !== null) return <Erased pseudonym={pseudonym} />;
  return (
    <Load query={query} what="what is stored">
      {(stored) => (
        <section aria-labelledby="stored" data-testid="stored">
          <header className="section-head">
            <h2 id="stored">
              What is stored of <Person id={userId} />
            </h2>
            {stored.tables.length > 0 && (
              <Button isSmall onClick={() => download(stored)}>
                Download as a file
              </Button>
            )}
          </header>
          <p className="fine">Tables of the database, and in how many rows they stand. The file has each row.</p>
          <List className="rows" items={stored.tables} empty="Nothing is stored.">
            {({ name, rows }) => (
              <li key={name} className="row centred">
                <div className="row-main">
                  <code>{name}</code>
                </div>
                {plural(rows.length, "row")}
              </li>
            )}
          </List>
          {!stored.isWhole && (
            <p className="notice tone-wait">There is more than one file holds: some rows are left out.</p>
          )}
          <p className="more">
            {me?.userId === userId ? (
              <span className="fine">Nobody erases themselves: another admin can.</span>
            ) : (
              <Button look="danger-quiet" onClick={() => setAsked(true)}>
                Erase…
              </Button>
            )}
          </p>
          {isAsked && <ErasePersonDialog userId={userId} close={() => setAsked(false)} done={setPseudonym} />}
        </section>
      )}
    </Load>
  );
};

const Erased = ({ pseudonym }: { pseudonym: string }): ReactNode => (
  <section role="status" data-testid="erased">
    <p className="empty">
      It is erased. The history has <code>{pseudonym}</code> in place of their id. Backups hold it for up to 12 months.
    </p>
  </section>
);

/** As `cv roles export` writes it. */
const download = (stored: PersonExport): void => {
  const address = URL.createObjectURL(new Blob([JSON.stringify(stored, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `personal-data-${stored.userId}.json`;
  link.click();
  URL.revokeObjectURL(address);
};
