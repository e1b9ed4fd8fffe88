import { type ReactNode, useState } from "react";
import { type Mode, approvalsRange } from "../../../shared/domain/workspace/settings.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Load } from "../components/load.tsx";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { useSettings } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { allOf } from "../messages/format.ts";

type Settings = NonNullable<ReturnType<typeof useSettings>["data"]>;

export const SettingsForm = (): ReactNode => (
  <Load query={useSettings()} what="the settings">
    {(settings) => <LoadedForm key={JSON.stringify(settings)} settings={settings} />}
  </Load>
);

const modes = [
  ["team", "Team: somebody else approves"],
  ["solo", "Solo: the one approver confirms their own"],
] as const;

const LoadedForm = ({ settings }: { settings: Settings }): ReactNode => {
  const client = useClient();
  const { nameOf } = usePeople();
  const [mode, setMode] = useState<Mode>(settings.mode);
  const [approvals, setApprovals] = useState(String(settings.approvalsNeeded));
  const [channel, setChannel] = useState(settings.channelId ?? "");
  const [errors, setErrors] = useState<{ approvals?: string; channel?: string }>({});
  const save = useAction({
    run: (given: Parameters<typeof client.setSettings>[0], options) => client.setSettings(given, options),
    done: ({ meta: { approved, returned } }) =>
      [
        "The settings are saved.",
        ...(approved.length > 0 ? [`${plural(approved.length, "commit")} became approved by it.`] : []),
        ...(returned.length > 0 ? [`${plural(returned.length, "commit")} went back to review.`] : []),
      ].join(" "),
    affects: [keys.settings, keys.me, keys.actionItems],
    onRefused: ({ code, message }) => {
      if (code !== "approvals_out_of_range") return false;
      setErrors({ approvals: message });
      return true;
    },
  });
  const submit = (): void => {
    const channelId = channel.trim() === "" ? null : channel.trim().toUpperCase();
    if (channelId !== null && !/^[CG][A-Z0-9]{2,20}$/.test(channelId)) {
      setErrors({ channel: "A channel ID begins with C or G, such as C0PORTFOL1." });
      return;
    }
    void save.start({ mode, approvalsNeeded: Math.trunc(Number(approvals)), channelId });
  };
  const { min, max } = approvalsRange;
  return (
    <Form className="panel form" onSubmit={submit} data-testid="settings">
      <fieldset>
        <legend>Mode</legend>
        <div className="choices">
          {modes.map(([value, label]) => (
            <label key={value} className="choice">
              <input type="radio" name="mode" checked={mode === value} onChange={() => setMode(value)} />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Field
        label="Approvals that a commit needs"
        hint={
          settings.meta.mayApprove.length === 0
            ? "Nobody may approve yet: give somebody the role approver."
            : `${allOf(settings.meta.mayApprove.map(nameOf))} may approve.`
        }
        error={errors.approvals ?? null}
      >
        {(input) => (
          <input
            {...input}
            type="number"
            min={min}
            max={max}
            value={approvals}
            onChange={(event) => {
              setApprovals(event.target.value);
              setErrors({});
            }}
          />
        )}
      </Field>
      <Field
        label="Channel for cards"
        hint="Its ID, from the channel's details in Slack. Empty: where a command was typed."
        error={errors.channel ?? null}
      >
        {(input) => (
          <input
            {...input}
            value={channel}
            onChange={(event) => {
              setChannel(event.target.value);
              setErrors({});
            }}
          />
        )}
      </Field>
      <div className="buttons">
        <Button type="submit" look="primary" aria-disabled={save.isBusy}>
          {save.isBusy ? "Saving…" : "Save the settings"}
        </Button>
      </div>
    </Form>
  );
};
