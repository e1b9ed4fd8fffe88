/** Where a person confirms the code of `cv login`. */
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { loginCodeIn } from "../../../shared/domain/workspace/login.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Load, Loading } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { useLogin, useMe } from "../data/queries.ts";
import { ConfirmForm } from "./confirm-form.tsx";

const title = "Sign in from a command line";

/** @param typed of the address; null where it has no code */
export const LoginPage = ({ typed }: { typed: string | null }): ReactNode => {
  const me = useMe().data;
  const code = typed === null ? null : loginCodeIn(typed);
  if (!me) return <Loading text="Loading your role…" />;
  return (
    <Page title={title}>
      {!me.permissions.includes("tokens") ? (
        <p className="empty">
          A command line needs a token, which is not for the role {me.role}. An admin can change yours.
        </p>
      ) : code === null ? (
        <EnterCode typed={typed ?? ""} />
      ) : (
        <Found code={code} />
      )}
    </Page>
  );
};

const EnterCode = ({ typed }: { typed: string }): ReactNode => {
  const [, navigate] = useLocation();
  const [text, setText] = useState(typed);
  const [error, setError] = useState(typed === "" ? null : notACode);
  const submit = (): void => {
    const code = loginCodeIn(text);
    if (code === null) setError(notACode);
    else navigate(`/login/${code}`);
  };
  return (
    <Form className="form panel" onSubmit={submit}>
      <Field label="Code" hint="cv login shows it, such as WDJB-MJHT." error={error}>
        {(input) => (
          <input
            {...input}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setError(null);
            }}
          />
        )}
      </Field>
      <div className="buttons">
        <Button type="submit" look="primary">
          Continue
        </Button>
      </div>
    </Form>
  );
};

const notACode = "A code has eight characters, such as WDJB-MJHT, and no vowels.";

const Found = ({ code }: { code: string }): ReactNode => {
  const me = useMe().data;
  return (
    <Load query={useLogin(code)} what="the sign-in">
      {(login) => me && <ConfirmForm login={login} me={me} />}
    </Load>
  );
};
