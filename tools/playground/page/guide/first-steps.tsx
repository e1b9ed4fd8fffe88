import { useEffect, useState, type ReactNode } from "react";
import type { Go } from "../session/place.ts";
import { StepContent } from "./step-content.tsx";
import { type Progress, type StepId, nextStep, stepIds, stepTitles } from "./steps.ts";

interface FirstStepsProps {
  progress: Progress;
  onTry: (line: string) => void;
  go: Go;
  onDismiss: () => void;
}

const Step = ({
  id,
  number,
  done,
  current,
  onShow,
}: {
  id: StepId;
  number: number;
  done: boolean;
  current: boolean;
  onShow: () => void;
}): ReactNode => (
  <li>
    <button
      type="button"
      className={done ? "step done" : "step"}
      aria-current={current ? "step" : undefined}
      aria-label={`${number}. ${stepTitles[id]}${done ? ", done" : ""}`}
      title={stepTitles[id]}
      onClick={onShow}
    >
      <span className="step-number" aria-hidden="true">
        {done ? "✓" : number}
      </span>{" "}
      <span className="step-name">{stepTitles[id]}</span>
    </button>
  </li>
);

/** The first five minutes: each step ticks itself off when it has happened. */
export const FirstSteps = ({ progress, onTry, go, onDismiss }: FirstStepsProps): ReactNode => {
  const next = nextStep(progress);
  const [chosen, setChosen] = useState<StepId | null>(null);
  // What has just happened leads on to what is next.
  useEffect(() => setChosen(null), [next]);
  const step = chosen ?? next;
  return (
    <section className="first-steps" aria-label="How this works" data-testid="first-steps">
      <ol className="step-list">
        {stepIds.map((id, index) => (
          <Step
            key={id}
            id={id}
            number={index + 1}
            done={progress.done.has(id)}
            current={id === step}
            onShow={() => setChosen(id)}
          />
        ))}
        <li className="step-end">
          <span className="step-count">
            {progress.done.size} of {stepIds.length}
          </span>
          <button type="button" className="icon-button" aria-label="Dismiss the first steps" onClick={onDismiss}>
            ✕
          </button>
        </li>
      </ol>
      <div className="step-content" aria-live="polite">
        <StepContent step={step} onTry={onTry} go={go} />
      </div>
    </section>
  );
};
