import type { ComponentProps, ReactNode } from "react";
import { Field } from "../components/field.tsx";
import type { EntityField } from "../data/queries.ts";

interface FieldInputProps {
  field: EntityField;
  value: string;
  onChange: (value: string) => void;
  error: string | null;
  isRequired: boolean;
}

/** One field of a row: the input for its kind, its rule, and the server's refusal. */
export const FieldInput = ({ field, value, onChange, error, isRequired }: FieldInputProps): ReactNode => {
  const label = (
    <>
      {field.label} {isRequired && <span className="fine">required</span>}
    </>
  );
  return (
    <Field
      label={label}
      hint={hintOf(field)}
      error={error === null ? null : `${field.label} ${error}`}
      isWide={field.kind === "multiline" || field.kind === "list"}
    >
      {(input) => (
        <Input
          {...input}
          field={field}
          value={value}
          aria-required={isRequired}
          data-field={field.name}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
};

const hintOf = ({ kind, hint }: EntityField): string =>
  isChoice(kind) ? "" : kind === "list" ? hint.replace("separated by commas", "one per line") : hint;

/** A choice shows its allowed values, so it needs no rule. */
const isChoice = (kind: string): boolean => kind === "select" || kind === "boolean";

interface InputProps extends Pick<ComponentProps<"input">, "id" | "value" | "aria-required"> {
  field: EntityField;
  "data-field": string;
  onChange: (event: { target: { value: string } }) => void;
}

const Input = ({ field: { kind, options }, ...native }: InputProps): ReactNode => {
  switch (kind) {
    case "multiline":
    case "list":
      return <textarea {...native} rows={kind === "list" ? 4 : 5} />;
    case "select":
    case "boolean":
      return (
        <select {...native}>
          <option value="">–</option>
          {(options ?? ["yes", "no"]).map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    default:
      return <input {...native} type="text" inputMode={modeOf(kind)} autoComplete="off" />;
  }
};

/**
 * Plain text inputs: the server's messages explain more than the browser's validation, and a browser would write an
 * international domain of an email in Punycode.
 */
const modes: Record<string, "decimal" | "numeric" | "url" | "email"> = {
  number: "decimal",
  integer: "numeric",
  url: "url",
  email: "email",
};
const modeOf = (kind: string): (typeof modes)[string] | undefined => modes[kind];
