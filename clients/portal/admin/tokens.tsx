import { type ReactNode, useState } from "react";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { Pill, type Tone } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { keys } from "../data/keys.ts";
import { type Me, type Token, useMe, useTokens } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { fullTime } from "../messages/times.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { TokenFields, useTokenForm } from "./token-fields.tsx";

export const Tokens = (): ReactNode => {
  const me = useMe().data;
  const [isNew, setNew] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Section
      title="Tokens"
      aside={
        me?.permissions.includes("tokens") === true && (
          <Button look="primary" isSmall onClick={() => setNew(true)}>
            New token…
          </Button>
        )
      }
    >
      <p className="fine">For programs and for cv. A token acts for its owner, and may do no more than they.</p>
      <Load query={useTokens()} what="the tokens">
        {(tokens) => (
          <List className="rows" testId="tokens" items={tokens} empty="There are no tokens.">
            {(token) => me && <TokenRow key={token.number} token={token} me={me} />}
          </List>
        )}
      </Load>
      {isNew && me && <NewToken me={me} close={() => setNew(false)} done={setSecret} />}
      {secret !== null && <SecretDialog title="Your new token" secret={secret} close={() => setSecret(null)} />}
    </Section>
  );
};

const tones: Record<Token["state"], Tone> = { active: "good", expired: "quiet", revoked: "quiet" };

const stateLabels: Record<Token["state"], string> = { active: "Active", expired: "Expired", revoked: "Revoked" };

const TokenRow = ({ token, me }: { token: Token; me: Me }): ReactNode => {
  const client = useClient();
  const { number, name, owner, scopes, state, createdAt, expiresAt, lastUsedAt } = token;
  const revoke = useAction({
    run: (_: void, options) => client.revokeToken({ number }, options),
    done: () => `Token ${number} is revoked. Whatever uses it is refused from now on.`,
    affects: [keys.tokens],
  });
  return (
    <li className="row" data-testid={`token-${number}`}>
      <div className="row-main">
        <h3>
          {name} <span className="fine">{scopes.join(", ")}</span>
        </h3>
        <p className="fine">
          Token {number} of {owner === me.userId ? "yours" : <Person id={owner} />} · made <Time at={createdAt} /> ·{" "}
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              used <Time at={lastUsedAt} />
            </>
          )}{" "}
          · ends {fullTime(expiresAt)}
        </p>
      </div>
      <Pill text={stateLabels[state]} tone={tones[state]} />
      {state === "active" && (
        <ConfirmButton
          label="Revoke"
          about={`token ${number}, ${name}`}
          question={`Revoke token ${number}?`}
          text="Whatever uses it is refused at once. This cannot be undone."
          isBusy={revoke.isBusy}
          act={() => revoke.start()}
        />
      )}
    </li>
  );
};

interface NewTokenProps {
  me: Me;
  close: () => void;
  done: (secret: string | null) => void;
}

const NewToken = ({ me, close, done }: NewTokenProps): ReactNode => {
  const client = useClient();
  const form = useTokenForm("", ["read"]);
  const create = useAction({
    run: (given: Parameters<typeof client.createToken>[0], options) => client.createToken(given, options),
    done: ({ number }) => `Token ${number} is made.`,
    affects: [keys.tokens],
    onRefused: form.onRefused,
  });
  const submit = async (): Promise<void> => {
    const made = await create.start(form.given);
    if (!made) return;
    close();
    done(made.meta.secret);
  };
  return (
    <Dialog
      title="New token"
      yes="Make the token"
      busy="Making…"
      isBusy={create.isBusy}
      isBlocked={form.given.scopes.length === 0}
      onYes={() => void submit()}
      onNo={close}
    >
      <TokenFields me={me} form={form} label="Name" hint="What uses it, such as CI." />
    </Dialog>
  );
};
