import type { ReactNode } from "react";

interface TargetChoiceProps {
  all: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export const TargetChoice = ({ all, chosen, onChange }: TargetChoiceProps): ReactNode => (
  <fieldset>
    <legend>Targets</legend>
    <div className="choices inline">
      {all.map((target) => (
        <label key={target} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(target)}
            onChange={(event) =>
              onChange(all.filter((each) => (each === target ? event.target.checked : chosen.includes(each))))
            }
          />
          <span>{target}</span>
        </label>
      ))}
    </div>
    {chosen.length === 0 && <p className="error">Choose at least one target.</p>}
  </fieldset>
);
