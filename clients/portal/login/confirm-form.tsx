import { type FormEvent, type ReactNode, useState } from "react";
import { type Scope } from "../../../shared/domain/workspace/roles.ts";
import { maxTokenName, tokenLife } from "../../../shared/domain/workspace/token.ts";
import { DaysField, ScopeChoice, scopesFor } from "../admin/scope-choice.tsx";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { Time } from "../components/time.tsx";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import type { Login, Me } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";

interface ConfirmFormProps {
  login: Login;
  me: Me;
}

/** The person compares the code with the one of their terminal, and chooses what the token is for. */
export const ConfirmForm = ({ login, me }: ConfirmFormProps): ReactNode => {
  const client = useClient();
  const { nameOf } = usePeople();
  const { code, device, createdAt } = login;
  const [name, setName] = useState(`cv on ${device}`.slice(0, maxTokenName));
  // Administration is seldom what a shell is for: it is chosen on purpose.
  const [scopes, setScopes] = useState<readonly Scope[]>(scopesFor(me).filter((scope) => scope !== "admin"));
  const [days, setDays] = useState(String(tokenLife.usual));
  const [error, setError] = useState<string | null>(null);
  const [end, setEnd] = useState<"confirmed" | "declined" | null>(null);
  const confirm = useAction({
    run: (given: Parameters<typeof client.confirmLogin>[1], options) => client.confirmLogin({ code }, given, options),
    done: () => `${device} is signed in.`,
    affects: [keys.tokens],
    onRefused: (problem) => {
      if (problem.code !== "token_name_required") return false;
      setError(problem.message);
      return true;
    },
  });
  const decline = useAction({
    run: (_: void, options) => client.declineLogin({ code }, options),
    done: () => `${device} is not signed in.`,
    affects: [],
  });
  if (end !== null) return <Ended device={device} end={end} />;
  const isBusy = confirm.isBusy || decline.isBusy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (scopes.length === 0) return;
    const given = { name: name.trim(), scopes: [...scopes], days: Number(days) };
    void confirm.start(given).then((done) => done && setEnd("confirmed"));
  };
  return (
    <form className="form" noValidate onSubmit={submit} data-testid="login">
      <p>
        <b>{device}</b> asked <Time at={createdAt} /> to act for you, {nameOf(me.userId)}.
      </p>
      <p className="login-code" data-testid="login-code">
        {code}
      </p>
      <p>
        Confirm only if you have just run <code>cv login</code> yourself and your terminal shows this code. Whoever sent
        you a link to this page would act in your name.
      </p>
      <Field label="Name of the token" hint="By which you find it again under API tokens." error={error}>
        {(input) => (
          <input
            {...input}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setError(null);
            }}
          />
        )}
      </Field>
      <ScopeChoice me={me} chosen={scopes} onChange={setScopes} />
      <DaysField days={days} onChange={setDays} />
      <div className="buttons">
        <Button type="submit" look="primary" aria-disabled={isBusy || scopes.length === 0}>
          {confirm.isBusy ? "Signing in…" : "Confirm the sign-in"}
        </Button>
        <Button aria-disabled={isBusy} onClick={() => void decline.start().then((done) => done && setEnd("declined"))}>
          {decline.isBusy ? "Declining…" : "Decline"}
        </Button>
      </div>
    </form>
  );
};

const Ended = ({ device, end }: { device: string; end: "confirmed" | "declined" }): ReactNode => (
  <p className="empty" role="status" data-testid="login-ended">
    {end === "confirmed"
      ? `${device} is signed in. Go on in your terminal; you can close this page.`
      : `${device} is not signed in. You can close this page.`}
  </p>
);
