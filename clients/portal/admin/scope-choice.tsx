/** What a token may be used for, and until when. */
import type { ReactNode } from "react";
import { type Scope, roles, scopeNames, scopesOf } from "../../../shared/domain/workspace/roles.ts";
import { tokenLife } from "../../../shared/domain/workspace/token.ts";
import { Field } from "../components/field.tsx";
import type { Me } from "../data/queries.ts";

/** Those that a token of theirs could do something with. */
export const scopesFor = ({ role }: Pick<Me, "role">): Scope[] =>
  scopesOf(roles.find((each) => each === role) ?? "viewer");

interface ScopeChoiceProps {
  me: Me;
  chosen: readonly Scope[];
  onChange: (chosen: Scope[]) => void;
}

export const ScopeChoice = ({ me, chosen, onChange }: ScopeChoiceProps): ReactNode => (
  <fieldset>
    <legend>What it may be used for</legend>
    <div className="choices inline">
      {scopesFor(me).map((scope) => (
        <label key={scope} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={(event) =>
              onChange(scopeNames.filter((each) => (each === scope ? event.target.checked : chosen.includes(each))))
            }
          />
          <span>{scope}</span>
        </label>
      ))}
    </div>
    {chosen.length === 0 && <p className="error">Choose at least one.</p>}
  </fieldset>
);

export const DaysField = ({ days, onChange }: { days: string; onChange: (days: string) => void }): ReactNode => (
  <Field label="Days until it ends" hint={`${tokenLife.min} to ${tokenLife.max}.`} error={null}>
    {(input) => (
      <input
        {...input}
        type="number"
        min={tokenLife.min}
        max={tokenLife.max}
        value={days}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
