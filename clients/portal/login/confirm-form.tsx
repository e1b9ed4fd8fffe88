import { type ReactNode, useState } from "react";
import { maxTokenName } from "../../../shared/domain/workspace/token.ts";
import { TokenFields, scopesFor, useTokenForm } from "../admin/token-fields.tsx";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
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
  // Administration is seldom what a shell is for: it is chosen on purpose.
  const usual = scopesFor(me).filter((scope) => scope !== "admin");
  const form = useTokenForm(`cv on ${device}`.slice(0, maxTokenName), usual);
  const [end, setEnd] = useState<"confirmed" | "declined" | null>(null);
  const confirm = useAction({
    run: (given: Parameters<typeof client.confirmLogin>[1], options) => client.confirmLogin({ code }, given, options),
    done: () => `${device} is signed in.`,
    affects: [keys.tokens],
    onRefused: form.onRefused,
  });
  const decline = useAction({
    run: (_: void, options) => client.declineLogin({ code }, options),
    done: () => `${device} is not signed in.`,
    affects: [],
  });
  if (end !== null) return <Ended device={device} end={end} />;
  const isBusy = confirm.isBusy || decline.isBusy;
  const hasScopes = form.given.scopes.length > 0;
  const submit = (): void => {
    if (hasScopes) void confirm.start(form.given).then((done) => done && setEnd("confirmed"));
  };
  return (
    <Form className="form panel" onSubmit={submit} data-testid="login">
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
      <TokenFields me={me} form={form} label="Name of the token" hint="By which you find it again under API tokens." />
      <div className="buttons">
        <Button type="submit" look="primary" aria-disabled={isBusy || !hasScopes}>
          {confirm.isBusy ? "Signing in…" : "Confirm the sign-in"}
        </Button>
        <Button aria-disabled={isBusy} onClick={() => void decline.start().then((done) => done && setEnd("declined"))}>
          {decline.isBusy ? "Declining…" : "Decline"}
        </Button>
      </div>
    </Form>
  );
};

const Ended = ({ device, end }: { device: string; end: "confirmed" | "declined" }): ReactNode => (
  <p className="empty" role="status" data-testid="login-ended">
    {end === "confirmed"
      ? `${device} is signed in. Go on in your terminal; you can close this page.`
      : `${device} is not signed in. You can close this page.`}
  </p>
);
