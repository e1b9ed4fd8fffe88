import { type ReactNode, useId } from "react";

interface InputProps {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string;
}

interface FieldProps {
  label: ReactNode;
  hint: string;
  error: string | null;
  isWide?: boolean;
  children: (input: InputProps) => ReactNode;
}

/** A labelled input. Below it stands what is wrong, else its hint. */
export const Field = ({ label, hint, error, isWide = false, children }: FieldProps): ReactNode => {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className={isWide ? "field wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": error !== null, "aria-describedby": hintId })}
      <p id={hintId} className={error === null ? "fine" : "error"}>
        {error ?? hint}
      </p>
    </div>
  );
};
