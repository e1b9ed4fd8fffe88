import { type ReactNode, useState } from "react";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { Pill } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { keys } from "../data/keys.ts";
import { type Webhook, useWebhooks } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { WebhookDialog } from "./webhook-dialog.tsx";

export const Webhooks = (): ReactNode => {
  const [edited, setEdited] = useState<Webhook | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Section
      title="Addresses that get events"
      aside={
        <Button look="primary" isSmall onClick={() => setEdited("new")}>
          New webhook…
        </Button>
      }
    >
      <p className="fine">Events are sent to these addresses, signed with a secret that is shown once.</p>
      <Load query={useWebhooks()} what="the webhooks">
        {(webhooks) => (
          <List className="rows" testId="webhooks" items={webhooks} empty="There are no webhooks.">
            {(webhook) => (
              <WebhookRow key={webhook.number} webhook={webhook} edit={() => setEdited(webhook)} show={setSecret} />
            )}
          </List>
        )}
      </Load>
      {edited !== null && (
        <WebhookDialog webhook={edited === "new" ? null : edited} close={() => setEdited(null)} done={setSecret} />
      )}
      {secret !== null && <SecretDialog title="Its secret" secret={secret} close={() => setSecret(null)} />}
    </Section>
  );
};

interface RowProps {
  webhook: Webhook;
  edit: () => void;
  show: (secret: string | null) => void;
}

const useWebhookActions = (number: number) => {
  const client = useClient();
  const affects = [keys.webhooks];
  const test = useAction({
    run: (_: void, options) => client.testWebhook({ number }, options),
    done: () => `A test event is on its way to webhook ${number}.`,
    affects,
  });
  const enable = useAction({
    run: (_: void, options) => client.enableWebhook({ number }, options),
    done: () => `Webhook ${number} is enabled.`,
    affects,
  });
  const disable = useAction({
    run: (_: void, options) => client.disableWebhook({ number }, options),
    done: () => `Webhook ${number} is disabled. What it misses can be replayed.`,
    affects,
  });
  const rotate = useAction({
    run: (_: void, options) => client.rotateWebhookSecret({ number }, {}, options),
    done: () => `Webhook ${number} has a new secret. The one before it signs as well for a day.`,
    affects,
  });
  const remove = useAction({
    run: (_: void, options) => client.deleteWebhook({ number }, options),
    done: () => `Webhook ${number} is deleted.`,
    affects,
  });
  return { test, enable, disable, rotate, remove };
};

const WebhookRow = ({ webhook, edit, show }: RowProps): ReactNode => {
  const { number, url, description, events, state, createdBy, createdAt, disabled, failing } = webhook;
  const { test, enable, disable, rotate, remove } = useWebhookActions(number);
  const isActive = state === "active";
  const turn = isActive ? disable : enable;
  return (
    <li className="row stacked" data-testid={`webhook-${number}`}>
      <div className="row-main">
        <h3>
          <span className="number">{number}</span> {url}
        </h3>
        {description !== "" && <p>{description}</p>}
        <p className="fine">
          {events.join(", ")} · by <Person id={createdBy} /> <Time at={createdAt} />
        </p>
        {disabled && disabled.reason !== "person" && (
          <p className="error">
            Disabled by itself <Time at={disabled.at} />:{" "}
            {disabled.reason === "gone" ? "its receiver answered that it is gone." : "its deliveries kept failing."}{" "}
            Check the receiver, then enable it.
          </p>
        )}
        {failing && (
          <p className="error">
            {failing.attempts} attempts in a row have failed since <Time at={failing.since} />
            {failing.error !== null && `: ${failing.error}`}
          </p>
        )}
        <div className="buttons">
          <Pill text={isActive ? "Enabled" : "Disabled"} tone={isActive ? "good" : "quiet"} />
          <Button isSmall aria-label={`Edit webhook ${number}`} onClick={edit}>
            Edit
          </Button>
          {isActive && (
            <Button
              isSmall
              aria-label={`Send a test event to webhook ${number}`}
              aria-disabled={test.isBusy}
              onClick={() => void test.start()}
            >
              {test.isBusy ? "Sending…" : "Send a test event"}
            </Button>
          )}
          <Button
            isSmall
            aria-label={`${isActive ? "Disable" : "Enable"} webhook ${number}`}
            aria-disabled={turn.isBusy}
            onClick={() => void turn.start()}
          >
            {turn.isBusy ? "Working…" : isActive ? "Disable" : "Enable"}
          </Button>
          <Button
            isSmall
            aria-label={`Rotate the secret of webhook ${number}`}
            aria-disabled={rotate.isBusy}
            onClick={() => void rotate.start().then((done) => done && show(done.meta.secret))}
          >
            {rotate.isBusy ? "Rotating…" : "Rotate the secret"}
          </Button>
          <ConfirmButton
            label="Delete"
            about={`webhook ${number}`}
            question={`Delete webhook ${number}?`}
            text="Its deliveries are deleted with it. This cannot be undone."
            isBusy={remove.isBusy}
            act={() => remove.start()}
          />
        </div>
      </div>
    </li>
  );
};
