import type { ReactNode } from "react";
import type { EntityForm } from "../data/queries.ts";
import { FieldInput } from "./field-input.tsx";
import type { Typed } from "./form-values.ts";

export const Fields = ({
  entity,
  typed,
  onChange,
  errors,
  isComplete,
}: {
  entity: EntityForm;
  typed: Typed;
  onChange: (typed: Typed) => void;
  errors: Record<string, string>;
  /** Whether required fields must be filled in. */
  isComplete: boolean;
}): ReactNode => (
  <div className="fields">
    {entity.fields.map((field) => (
      <FieldInput
        key={field.name}
        field={field}
        value={typed[field.name] ?? ""}
        onChange={(value) => onChange({ ...typed, [field.name]: value })}
        error={errors[field.name] === undefined ? null : `${field.label} ${errors[field.name]}`}
        isRequired={isComplete && field.required}
      />
    ))}
  </div>
);

/** Moves the focus to the first refused input. */
export const focusRefused = (form: HTMLFormElement): void => {
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
};
