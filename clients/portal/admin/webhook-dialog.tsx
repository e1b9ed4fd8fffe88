import { type ReactNode, useState } from "react";
import { profileNames } from "../../../shared/domain/webhooks/webhook.ts";
import { useClient } from "../app/session-context.ts";
import { Dialog } from "../components/dialog.tsx";
import { Field } from "../components/field.tsx";
import { keys } from "../data/keys.ts";
import type { Webhook } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { type Family, families, isChosen, toggled } from "./event-filters.ts";

interface WebhookDialogProps {
  /** Null for a new one. */
  webhook: Webhook | null;
  close: () => void;
  /** The secret of a new one. */
  done: (secret: string | null) => void;
}

type Entered = Pick<Webhook, "url" | "description" | "events" | "profile">;

const nothing: Entered = { url: "", description: "", events: ["*"], profile: "standard" };
const profileTexts = { standard: "Standard: for three days", fast: "Fast: for half an hour" };

export const WebhookDialog = ({ webhook, close, done }: WebhookDialogProps): ReactNode => {
  const client = useClient();
  const [entered, setEntered] = useState<Entered>(webhook ?? nothing);
  const [errors, setErrors] = useState<{ url?: string; description?: string }>({});
  const { url, description, events, profile } = entered;
  const enter = (now: Partial<Entered>): void => {
    setEntered({ ...entered, ...now });
    setErrors({});
  };
  const save = useAction({
    run: async (given: Entered, options): Promise<{ secret: string | null }> => {
      if (webhook === null) return (await client.createWebhook(given, options)).meta;
      await client.updateWebhook({ number: webhook.number }, given, options);
      return { secret: null };
    },
    done: () => (webhook === null ? "The webhook is created." : `Webhook ${webhook.number} is updated.`),
    affects: [keys.webhooks],
    onRefused: ({ code, message }) => {
      if (code.startsWith("url_")) setErrors({ url: message });
      else if (code === "description_too_long") setErrors({ description: message });
      else return false;
      return true;
    },
  });
  const submit = async (): Promise<void> => {
    const saved = await save.start({ url: url.trim(), description, events, profile });
    if (!saved) return;
    close();
    done(saved.secret);
  };
  return (
    <Dialog
      title={webhook === null ? "New webhook" : `Webhook ${webhook.number}`}
      yes={webhook === null ? "Create the webhook" : "Save"}
      busy="Saving…"
      isBusy={save.isBusy}
      isBlocked={events.length === 0}
      onYes={() => void submit()}
      onNo={close}
    >
      <Field label="Address" hint="https, and reachable from the internet." error={errors.url ?? null}>
        {(input) => (
          <input
            {...input}
            type="url"
            data-autofocus
            value={url}
            onChange={(event) => enter({ url: event.target.value })}
          />
        )}
      </Field>
      <Field label="What it is for" hint="So that others know." error={errors.description ?? null}>
        {(input) => (
          <input {...input} value={description} onChange={(event) => enter({ description: event.target.value })} />
        )}
      </Field>
      <Field label="Failed deliveries are tried again" hint="Then they are kept, and can be replayed." error={null}>
        {(input) => (
          <select
            {...input}
            value={profile}
            onChange={(event) =>
              enter({ profile: profileNames.find((each) => each === event.target.value) ?? profile })
            }
          >
            {profileNames.map((each) => (
              <option key={each} value={each}>
                {profileTexts[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Events events={events} choose={(now) => enter({ events: now })} />
    </Dialog>
  );
};

interface EventsProps {
  events: readonly string[];
  choose: (events: string[]) => void;
}

const Events = ({ events, choose }: EventsProps): ReactNode => (
  <fieldset>
    <legend>Events</legend>
    <label className="choice">
      <input
        type="checkbox"
        checked={events.includes("*")}
        onChange={(event) => choose(event.target.checked ? ["*"] : [])}
      />
      <span>All events, also those that come later</span>
    </label>
    <div className="choices">
      {families.map((family) => (
        <FamilyChoice key={family.name} family={family} events={events} choose={choose} />
      ))}
    </div>
    {events.length === 0 && <p className="error">Choose at least one event.</p>}
  </fieldset>
);

const FamilyChoice = ({ family, events, choose }: EventsProps & { family: Family }): ReactNode => {
  const box = (filter: string): ReactNode => (
    <label key={filter} className="choice">
      <input
        type="checkbox"
        checked={isChosen(events, filter)}
        onChange={(event) => choose(toggled(events, family, filter, event.target.checked))}
      />
      <span>{filter}</span>
    </label>
  );
  return (
    <div>
      {box(family.filter)}
      <details className="nested">
        <summary className="fine">
          {family.types.filter((type) => isChosen(events, type)).length} of {family.types.length} types
          <span className="unseen"> of {family.name}</span>
        </summary>
        <div className="choices">{family.types.map(box)}</div>
      </details>
    </div>
  );
};
