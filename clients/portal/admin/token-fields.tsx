/** What a token is called, what it may be used for, and until when. */
import { type ReactNode, useState } from "react";
import { type Scope, roles, scopeNames, scopesOf } from "../../../shared/domain/workspace/roles.ts";
import { maxTokenName, tokenLife } from "../../../shared/domain/workspace/token.ts";
import type { ApiProblem } from "../../sdk/index.ts";
import { Field } from "../components/field.tsx";
import type { Me } from "../data/queries.ts";
import { refusedToken } from "./refused-token.ts";

/** Those that a token of theirs could do something with. */
export const scopesFor = ({ role }: Pick<Me, "role">): Scope[] =>
  scopesOf(roles.find((each) => each === role) ?? "viewer");

interface Entered {
  name: string;
  scopes: readonly Scope[];
  /** As typed. */
  days: string;
}

export interface TokenForm {
  entered: Entered;
  enter: (now: Partial<Entered>) => void;
  errors: Readonly<Record<string, string>>;
  /** What is sent. */
  given: { name: string; scopes: Scope[]; days: number };
  /** For `useAction`: whether the refusal is shown at a field. */
  onRefused: (problem: ApiProblem) => boolean;
}

export const useTokenForm = (name: string, scopes: readonly Scope[]): TokenForm => {
  const [entered, setEntered] = useState<Entered>({ name, scopes, days: String(tokenLife.usual) });
  const [errors, setErrors] = useState<Record<string, string>>({});
  return {
    entered,
    errors,
    enter: (now) => {
      setEntered({ ...entered, ...now });
      setErrors({});
    },
    given: { name: entered.name.trim(), scopes: [...entered.scopes], days: Math.trunc(Number(entered.days)) },
    onRefused: (problem) => {
      const refused = refusedToken(problem);
      setErrors(refused ?? {});
      return refused !== null;
    },
  };
};

interface TokenFieldsProps {
  me: Me;
  form: TokenForm;
  /** Label and hint of the name. */
  label: string;
  hint: string;
}

export const TokenFields = ({ me, form: { entered, enter, errors }, label, hint }: TokenFieldsProps): ReactNode => (
  <>
    <Field label={label} hint={hint} error={errors["name"] ?? null}>
      {(input) => (
        <input
          {...input}
          data-autofocus
          maxLength={maxTokenName}
          value={entered.name}
          onChange={(event) => enter({ name: event.target.value })}
        />
      )}
    </Field>
    <ScopeChoice me={me} chosen={entered.scopes} onChange={(scopes) => enter({ scopes })} />
    <Field label="Days until it ends" hint={`${tokenLife.min} to ${tokenLife.max}.`} error={errors["days"] ?? null}>
      {(input) => (
        <input
          {...input}
          type="number"
          min={tokenLife.min}
          max={tokenLife.max}
          value={entered.days}
          onChange={(event) => enter({ days: event.target.value })}
        />
      )}
    </Field>
  </>
);

interface ScopeChoiceProps {
  me: Me;
  chosen: readonly Scope[];
  onChange: (chosen: Scope[]) => void;
}

const ScopeChoice = ({ me, chosen, onChange }: ScopeChoiceProps): ReactNode => (
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
