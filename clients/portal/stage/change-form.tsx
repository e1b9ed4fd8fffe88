import type { ReactNode } from "react";
import { Link } from "wouter";
import type { EntityForm } from "../data/queries.ts";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { FieldInput } from "./field-input.tsx";
import type { Typed } from "./form-values.ts";
import { TargetChoice } from "./target-choice.tsx";
import type { ChangeFormState } from "./use-change-form.ts";

interface Content {
  typed: Typed;
  targets: readonly string[];
}

interface ChangeFormProps extends Content {
  state: Pick<ChangeFormState<never>, "isBusy" | "refused">;
  className: string;
  /** What stands above the fields. */
  children: ReactNode;
  fields: EntityForm["fields"];
  /** Whether required fields must be filled in. */
  isComplete: boolean;
  allTargets: readonly string[];
  onChange: (now: Partial<Content>) => void;
  onSubmit: () => void;
  onCancel: () => void;
  submit: string;
  /** Label of the button while the form is sent. */
  busy: string;
}

/** The fields of a row and the targets. */
export const ChangeForm = (props: ChangeFormProps): ReactNode => {
  const { state, typed, targets, isComplete, onChange } = props;
  const { isBusy, refused } = state;
  return (
    <Form className={props.className} onSubmit={props.onSubmit}>
      {props.children}
      {props.fields.length > 0 && (
        <div className="fields">
          {props.fields.map((field) => (
            <FieldInput
              key={field.name}
              field={field}
              value={typed[field.name] ?? ""}
              onChange={(value) => onChange({ typed: { ...typed, [field.name]: value } })}
              error={refused.fields[field.name] ?? null}
              isRequired={isComplete && field.required}
            />
          ))}
        </div>
      )}
      <TargetChoice all={props.allTargets} chosen={targets} onChange={(now) => onChange({ targets: now })} />
      <footer className="buttons">
        <Button type="submit" look="primary" aria-disabled={isBusy || targets.length === 0}>
          {isBusy ? props.busy : props.submit}
        </Button>
        <Link href="/" className="button" onClick={props.onCancel}>
          Cancel
        </Link>
      </footer>
    </Form>
  );
};
