import { type ReactNode, useState } from "react";
import { maxPortfolioIdLength } from "../../../shared/domain/pushes/target-name.ts";
import { useClient } from "../app/session-context.ts";
import { Dialog } from "../components/dialog.tsx";
import { Field } from "../components/field.tsx";
import { keys } from "../data/keys.ts";
import { useAction } from "../data/use-action.ts";
import { refusedTarget } from "./refused-target.ts";
import { SecretFields, noSecrets, uses } from "./secret-fields.tsx";

const places = { service: "A service of the operator’s", url: "An address" } as const;
type Place = keyof typeof places;

const nothing = { name: "", alias: "", portfolioId: "", service: "", url: "" };
type Text = keyof typeof nothing;
type Errors = Readonly<Record<string, string>>;

/** Fields that were left empty. */
const missingIn = (texts: Record<string, string>, place: Place): Errors =>
  Object.fromEntries(
    ["name", "portfolioId", place, ...uses]
      .filter((field) => texts[field]?.trim() === "")
      .map((field) => [field, "Fill this in."]),
  );

interface AddTargetProps {
  /** Names of the operator's. */
  services: readonly string[];
  close: () => void;
}

export const AddTargetDialog = ({ services, close }: AddTargetProps): ReactNode => {
  const client = useClient();
  const [texts, setTexts] = useState({ ...nothing, service: services[0] ?? "" });
  const [secrets, setSecrets] = useState(noSecrets);
  const [place, setPlace] = useState<Place>(services.length > 0 ? "service" : "url");
  const [errors, setErrors] = useState<Errors>({});
  const add = useAction({
    run: (given: Parameters<typeof client.addTarget>[0], options) => client.addTarget(given, options),
    done: ({ name }) => `${name} took the secrets and is added. Pushes go there after the other targets.`,
    affects: [keys.targets, keys.me],
    onRefused: (problem) => {
      const refused = refusedTarget(problem, texts.alias.trim());
      setErrors(refused ?? {});
      return refused !== null;
    },
  });
  const submit = async (): Promise<void> => {
    const missing = missingIn({ ...texts, ...secrets }, place);
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    const [name, alias] = [texts.name.trim(), texts.alias.trim()];
    const where = { [place]: texts[place].trim() };
    const portfolioId = texts.portfolioId.trim();
    const added = await add.start({ name, ...(alias !== "" && { alias }), portfolioId, ...where, secrets });
    if (added) close();
  };
  const enter = (entered: Partial<typeof texts>): void => {
    setTexts({ ...texts, ...entered });
    setErrors({});
  };
  return (
    <Dialog
      title="Add a target"
      yes="Test and add"
      busy="Testing…"
      isBusy={add.isBusy}
      onYes={() => void submit()}
      onNo={close}
    >
      <p>It is called with the secrets, which changes nothing there. Nothing is stored if it does not take them.</p>
      <TextFields services={services} texts={texts} errors={errors} enter={enter} place={place} choose={setPlace} />
      <SecretFields
        secrets={secrets}
        errors={errors}
        enter={(use, secret) => {
          setSecrets({ ...secrets, [use]: secret });
          setErrors({});
        }}
      />
    </Dialog>
  );
};

interface TextFieldsProps {
  services: readonly string[];
  texts: typeof nothing;
  errors: Errors;
  place: Place;
  enter: (entered: Partial<typeof nothing>) => void;
  choose: (place: Place) => void;
}

interface Choices {
  value: string;
  /** Values with their texts. */
  options: readonly (readonly [string, string])[];
  choose: (value: string) => void;
}

const choice = (label: string, hint: string, error: string | null, { value, options, choose }: Choices): ReactNode => (
  <Field label={label} hint={hint} error={error}>
    {(input) => (
      <select {...input} value={value} onChange={(event) => choose(event.target.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
);

const TextFields = ({ services, texts, errors, place, enter, choose }: TextFieldsProps): ReactNode => {
  const field = (name: Text, label: string, hint: string, maxLength: number): ReactNode => (
    <Field label={label} hint={hint} error={errors[name] ?? null}>
      {(input) => (
        <input
          {...input}
          type={name === "url" ? "url" : "text"}
          autoComplete="off"
          spellCheck={false}
          maxLength={maxLength}
          data-autofocus={name === "name" || undefined}
          value={texts[name]}
          onChange={(event) => enter({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      {field("name", "Name", "As it calls itself: a-z, 0-9 and hyphens.", 40)}
      {field("alias", "Short name", "What people may type for the name. May stay empty.", 40)}
      {field("portfolioId", "Portfolio", "By which id the target has this portfolio.", maxPortfolioIdLength)}
      {services.length > 0 &&
        choice("Where it runs", "The bot reaches a service of the operator’s itself.", null, {
          value: place,
          options: Object.entries(places),
          choose: (value) => choose(value === "url" ? "url" : "service"),
        })}
      {place === "service"
        ? choice("Service", "One that the operator runs.", errors["service"] ?? null, {
            value: texts.service,
            options: services.map((name) => [name, name]),
            choose: (service) => enter({ service }),
          })
        : field("url", "Address", "https, on a host that the operator allows.", 2000)}
    </>
  );
};
