import { useState, type ReactNode } from "react";
import type { Person } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";

interface FirstStepsProps {
  onTry: (line: string) => void;
  onBecome: (userId: string) => void;
  onPortfolio: () => void;
  onDismiss: () => void;
}

const stageLines = [
  "/cv stage update technology python-1 experience_years=8",
  "/cv stage create technology name=Rust experience_years=1 category=Backend",
  "/cv stage delete technology jquery-1",
];

const steps = ["Stage", "Look", "Commit", "Approve", "Push"] as const;

/** Survives becoming another person, which draws the page anew. */
const progress = { step: 0, used: new Set<string>() };

/** A name to be led by: the first word of a person's full name. */
const firstName = (person: Person | undefined): string => person?.real_name.split(" ")[0] ?? "the approver";

type StepContentProps = Omit<FirstStepsProps, "onDismiss"> & { step: number };

const StepContent = ({ step, onTry, onBecome, onPortfolio }: StepContentProps): ReactNode => {
  const { state } = useSession();
  const [used, setUsed] = useState<ReadonlySet<string>>(progress.used);
  const approver =
    state.people.find((person) => /approv|review/i.test(person.title)) ??
    state.people.find((person) => !person.is_bot && person.id !== state.me.id);
  const line = (text: string): ReactNode => (
    <button
      key={text}
      type="button"
      className={used.has(text) ? "code-button used" : "code-button"}
      onClick={() => {
        progress.used.add(text);
        setUsed(new Set(progress.used));
        onTry(text);
      }}
    >
      {text}
    </button>
  );
  const contents: ReactNode[] = [
    <>
      <p>Record three changes: one of each kind. A click puts the line into the composer, Enter sends it.</p>
      {stageLines.map(line)}
    </>,
    <>
      <p>See what waits, and what it changes field by field.</p>
      {line("/cv staged")}
      {line("/cv diff")}
    </>,
    <>
      <p>Group the changes under a message. A card asks for review.</p>
      {line('/cv commit -m "Skill updates"')}
    </>,
    <>
      <p>
        Nobody approves their own work: become {firstName(approver)}, then press <b>Approve</b> on the card.
      </p>
      {approver && (
        <button
          type="button"
          className="button"
          disabled={approver.id === state.me.id}
          onClick={() => onBecome(approver.id)}
        >
          {approver.id === state.me.id ? `You are ${firstName(approver)}` : `Become ${firstName(approver)}`}
        </button>
      )}
    </>,
    <>
      <p>
        Press <b>Push</b> on the card, or type the line. The thread under it shows d1cv first, then ai-agent, to
        “verified”.
      </p>
      {line("/cv push 1 all")}
      <button type="button" className="button" onClick={onPortfolio}>
        See the portfolio
      </button>
    </>,
  ];
  return contents[step];
};

export const FirstSteps = ({ onTry, onBecome, onPortfolio, onDismiss }: FirstStepsProps): ReactNode => {
  const [step, setStep] = useState(progress.step);
  const goTo = (next: number): void => {
    progress.step = next;
    setStep(next);
  };
  return (
    <section className="first-steps" aria-label="How this works">
      <ol className="step-list">
        {steps.map((name, index) => (
          <li key={name}>
            <button
              type="button"
              className={index < step ? "step done" : "step"}
              aria-current={index === step ? "step" : undefined}
              onClick={() => goTo(index)}
            >
              <span className="step-number">{index < step ? "✓" : index + 1}</span> {name}
            </button>
          </li>
        ))}
        <li className="step-end">
          {step < steps.length - 1 && (
            <button type="button" className="button quiet" onClick={() => goTo(step + 1)}>
              Next →
            </button>
          )}
          <button type="button" className="icon-button" aria-label="Dismiss the first steps" onClick={onDismiss}>
            ✕
          </button>
        </li>
      </ol>
      <div className="step-content">
        <StepContent step={step} onTry={onTry} onBecome={onBecome} onPortfolio={onPortfolio} />
      </div>
    </section>
  );
};
