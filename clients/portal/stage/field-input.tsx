import { type ReactNode, useId } from "react";
import type { EntityField } from "../data/queries.ts";

/** One field of a row: the input for its kind, its rule, and the server's refusal. */
export const FieldInput = ({
  field,
  value,
  onChange,
  error,
  isRequired,
}: {
  field: EntityField;
  value: string;
  onChange: (value: string) => void;
  error: string | null;
  isRequired: boolean;
}): ReactNode => {
  const id = useId();
  const shared = {
    id,
    value,
    "aria-invalid": error !== null,
    "aria-describedby": `${id}-hint`,
    "aria-required": isRequired,
    "data-field": field.name,
  };
  return (
    <div className={`field ${field.kind === "multiline" || field.kind === "list" ? "wide" : ""}`}>
      <label htmlFor={id}>
        {field.label} {isRequired && <span className="required">needed</span>}
      </label>
      <Input field={field} shared={shared} onChange={onChange} />
      <p id={`${id}-hint`} className={error === null ? "hint" : "error"}>
        {error ?? hintOf(field)}
      </p>
    </div>
  );
};

const hintOf = ({ kind, hint }: EntityField): string =>
  isChoice(kind) ? "" : kind === "list" ? hint.replace("separated by commas", "one a line") : hint;

/** A choice shows its allowed values, so it needs no rule. */
const isChoice = (kind: string): boolean => kind === "select" || kind === "boolean";

const Input = ({
  field: { kind, options },
  shared,
  onChange,
}: {
  field: EntityField;
  shared: { id: string; value: string };
  onChange: (value: string) => void;
}): ReactNode => {
  const changed = (event: { target: { value: string } }): void => onChange(event.target.value);
  switch (kind) {
    case "multiline":
    case "list":
      return <textarea {...shared} rows={kind === "list" ? 4 : 5} onChange={changed} />;
    case "select":
    case "boolean":
      return (
        <select {...shared} onChange={changed}>
          <option value="">–</option>
          {(options ?? ["yes", "no"]).map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    default:
      return <input {...shared} type={typeOf(kind)} inputMode={modeOf(kind)} autoComplete="off" onChange={changed} />;
  }
};

/** Plain text inputs: the server's messages explain more than the browser's validation. */
const typeOf = (kind: string): string => (kind === "url" ? "url" : kind === "email" ? "email" : "text");
const modeOf = (kind: string): "decimal" | "numeric" | undefined =>
  kind === "number" ? "decimal" : kind === "integer" ? "numeric" : undefined;
