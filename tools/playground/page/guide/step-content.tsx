/** What each of the first steps says, and the button that does the first half of it. */
import { useState, type ReactNode } from "react";
import type { Person } from "../../client-protocol.ts";
import { globalShortcuts } from "../app-manifest.ts";
import type { Go } from "../session/place.ts";
import { useSession } from "../session/session-context.ts";
import { useTools } from "../session/tools.ts";
import type { StepId } from "./steps.ts";

interface StepContentProps {
  step: StepId | null;
  onTry: (line: string) => void;
  go: Go;
}

/** A name to be led by: the first word of a person's full name. */
const firstName = (person: Person): string => person.real_name.split(" ")[0] ?? person.name;

const Line = ({ text, onTry }: { text: string; onTry: (line: string) => void }): ReactNode => (
  <button type="button" className="code-button" title="Put it into the composer" onClick={() => onTry(text)}>
    {text}
  </button>
);

const Become = ({ title, go }: { title: string; go: Go }): ReactNode => {
  const { state } = useSession();
  const person = state.people.find((each) => each.title === title);
  if (!person) return null;
  const isMe = person.id === state.me.id;
  return (
    <button type="button" className="button" disabled={isMe} onClick={() => go({ as: person.id })}>
      {isMe ? `You are ${firstName(person)}` : `Become ${firstName(person)}`}
    </button>
  );
};

const OpenForm = (): ReactNode => {
  const { client, report } = useSession();
  const [shortcut] = globalShortcuts;
  if (!shortcut) return null;
  const open = async (): Promise<void> => {
    const { error } = await client.shortcut({ callbackId: shortcut.callbackId });
    if (error) report(error);
  };
  return (
    <button type="button" className="button" onClick={() => void open()}>
      Open the form
    </button>
  );
};

/** The newest of everyone's messages whose text matches. */
const useCard = (pattern: RegExp): { channel: string; ts: string; text: string } | undefined =>
  useSession().state.messages.findLast(
    ({ ephemeral_for: reader, text, deleted }) => reader === null && !deleted && pattern.test(text),
  );

const ShowCard = ({ go }: { go: Go }): ReactNode => {
  const card = useCard(/^Commit #\d+/);
  return (
    <button
      type="button"
      className="button"
      disabled={!card}
      onClick={() => card && go({ at: card.channel, message: card.ts, thread: null })}
    >
      Show the card
    </button>
  );
};

const PushLine = ({ onTry }: { onTry: (line: string) => void }): ReactNode => {
  const number = /^Commit #(\d+)/.exec(useCard(/^Commit #\d+/)?.text ?? "")?.[1] ?? "1";
  return <Line text={`/cv push ${number} all`} onTry={onTry} />;
};

const OpenThread = ({ go }: { go: Go }): ReactNode => {
  const card = useCard(/^Push #\d+/);
  return (
    <button
      type="button"
      className="button"
      disabled={!card}
      onClick={() => card && go({ at: card.channel, thread: card.ts })}
    >
      Open the thread
    </button>
  );
};

const ShowFaults = (): ReactNode => {
  const { show } = useTools();
  return (
    <button type="button" className="button" onClick={() => show("faults")}>
      Show the faults
    </button>
  );
};

const ChangeRow = (): ReactNode => {
  const { client, report } = useSession();
  const [years, setYears] = useState<number | null>(null);
  const [waiting, setWaiting] = useState(false);
  const change = async (): Promise<void> => {
    setWaiting(true);
    const result = await client.changeRow();
    setWaiting(false);
    if (result.ok) setYears(result.value.years);
    else report(result.reason.message);
  };
  return (
    <button type="button" className="button" aria-busy={waiting} onClick={() => void change()}>
      {years === null ? "Change the row" : `It has ${years} years now: change it again`}
    </button>
  );
};

type Contents = Record<StepId, (props: Omit<StepContentProps, "step">) => ReactNode>;

const contents: Contents = {
  stage: ({ onTry }) => (
    <>
      <p>Record a change. The line goes into the composer, Enter sends it; or open the form that the ⚡ button has.</p>
      <Line text="/cv stage update technology python-1 experience_years=8" onTry={onTry} />
      <OpenForm />
    </>
  ),
  look: ({ onTry }) => (
    <>
      <p>See what waits, and what it would change field by field.</p>
      <Line text="/cv staged" onTry={onTry} />
      <Line text="/cv diff" onTry={onTry} />
    </>
  ),
  commit: ({ onTry }) => (
    <>
      <p>Group what is staged under a message. A card in the channel asks for review.</p>
      <Line text={'/cv commit -m "Skill updates"'} onTry={onTry} />
    </>
  ),
  become: ({ go }) => (
    <>
      <p>Nobody approves their own work. Become the approver; the list of people does it too.</p>
      <Become title="approver" go={go} />
    </>
  ),
  approve: ({ go }) => (
    <>
      <p>
        Press <b>Approve</b> on the commit’s card.
      </p>
      <ShowCard go={go} />
      <Become title="approver" go={go} />
    </>
  ),
  push: ({ onTry, go }) => (
    <>
      <p>
        Press <b>Push to all</b> on the card, or type it.
      </p>
      <PushLine onTry={onTry} />
      <ShowCard go={go} />
    </>
  ),
  watch: ({ go }) => (
    <>
      <p>The thread under the push follows it: d1cv first, then ai-agent, until both are verified.</p>
      <OpenThread go={go} />
    </>
  ),
  portfolio: ({ go }) => (
    <>
      <p>See what the two services hold now. What has changed is marked.</p>
      <button type="button" className="button" onClick={() => go({ at: "portfolio", thread: null })}>
        See the portfolio
      </button>
    </>
  ),
  home: ({ go }) => (
    <>
      <p>Home keeps what concerns you: what waits for you, what is staged, what runs.</p>
      <button type="button" className="button" onClick={() => go({ at: "home", thread: null })}>
        Open Home
      </button>
    </>
  ),
  fault: () => (
    <>
      <p>
        Now break something: turn on <b>Fail the next push</b> of d1cv.
      </p>
      <ShowFaults />
    </>
  ),
  retry: ({ onTry, go }) => (
    <>
      <p>
        As the author, stage and commit once more; as the approver, approve and push. It fails: press <b>Retry</b> on
        its card.
      </p>
      <Become title="author" go={go} />
      <Line text="/cv stage update technology python-1 experience_years=9" onTry={onTry} />
      <Line text={'/cv commit -m "One more year"'} onTry={onTry} />
      <Become title="approver" go={go} />
    </>
  ),
  conflict: ({ onTry, go }) => (
    <>
      <p>
        As the author, stage and commit; as the approver, approve. Then somebody else changes the row. As the admin,
        push: it is refused with three values. Press <b>Keep mine</b>.
      </p>
      <Become title="author" go={go} />
      <Line text="/cv stage update technology python-1 experience_years=12" onTry={onTry} />
      <Line text={'/cv commit -m "A round dozen"'} onTry={onTry} />
      <Become title="approver" go={go} />
      <ChangeRow />
      <Become title="admin" go={go} />
      <ShowCard go={go} />
    </>
  ),
};

export const StepContent = ({ step, onTry, go }: StepContentProps): ReactNode => {
  if (step === null) return <p>That was all of it. “How this works” brings these steps back.</p>;
  return contents[step]({ onTry, go });
};
