import { type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";
import type { EntityForm } from "../data/queries.ts";
import { FieldInput } from "./field-input.tsx";
import type { Typed } from "./form-values.ts";
import type { Refused } from "./refused-fields.ts";

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

/** The form's ref: whenever inputs are refused, the first of them gets the focus. */
export const useRefusedFocus = (refused: Refused): RefObject<HTMLFormElement | null> => {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [refused]);
  return form;
};
