import { type ReactNode, useId } from "react";
import type { Tone } from "./state.tsx";

interface ProgressProps {
  label: string;
  percent: number;
  tone: Tone;
  note: string;
}

/** @param percent 0 to 100 */
export const Progress = ({ label, percent, tone, note }: ProgressProps): ReactNode => {
  const id = useId();
  const shown = Math.round(percent);
  return (
    <div className={`progress ${tone}`}>
      <span className="progress-label" id={id}>
        {label}
      </span>
      <span className="progress-note">{note}</span>
      <progress max={100} value={shown} aria-labelledby={id} aria-valuetext={`${shown} %, ${note}`} />
    </div>
  );
};
