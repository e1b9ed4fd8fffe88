/** What a person decides about a production, asked once and kept in production.json. */
import type { ZodType } from "zod";
import type { Account } from "./account.ts";
import { type Production, answers, jurisdictions, locations } from "./production-file.ts";
import { type Questions, oneOf } from "./questions.ts";
import type { SlackSecrets } from "./secrets.ts";

const problemIn =
  (schema: ZodType) =>
  (answer: string): string | null => {
    const parsed = schema.safeParse(answer);
    return parsed.success ? null : (parsed.error.issues[0]?.message ?? "It cannot be this.");
  };

const withScheme = (address: string): string =>
  (/^https?:\/\//.test(address) ? address : `https://${address}`).replace(/\/+$/, "");

const accountId = async (questions: Questions, accounts: readonly Account[]): Promise<string> => {
  const [only] = accounts;
  if (only && accounts.length === 1) return only.id;
  return questions.ask({
    text: "Account id",
    why: `This log-in may use several accounts:\n${accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n")}`,
    problem: oneOf(accounts.map(({ id }) => id)),
  });
};

/** A new production, without anything of it made yet. */
export const interview = async (questions: Questions, accounts: readonly Account[]): Promise<Production> => {
  const account = await accountId(questions, accounts);
  const name = await questions.ask({
    text: "Name",
    why: "All Workers, databases and queues get names that begin with it.",
    preset: "cv-ops",
    problem: problemIn(answers.name),
  });
  const url = await questions.ask({
    text: "Address",
    why: `Where Slack, people and targets reach the bot. Either a host name of a domain in this account, such as
cv.example.com, which Cloudflare then points to the bot; or ${name}.<subdomain>.workers.dev with the account's own
subdomain, which stands under Workers & Pages.`,
    problem: (answer) => problemIn(answers.url)(withScheme(answer)) ?? ofWorkersDev(withScheme(answer), name),
  });
  const location = await questions.ask({
    text: "Location",
    why: `Where the databases stand; it cannot be changed later. Near the people who use Slack, one of:
weur (Western Europe), eeur (Eastern Europe), wnam, enam (North America, west and east), apac (Asia), oc (Oceania).`,
    preset: "weur",
    problem: oneOf(locations),
  });
  const jurisdiction = await questions.ask({
    text: "Jurisdiction",
    why: "Whether the databases may stand there only, by law: eu, fedramp, us or none. It cannot be changed later.",
    preset: "none",
    problem: oneOf(["none", ...jurisdictions]),
  });
  const portfolio = await questions.ask({
    text: "Portfolio",
    why: "The id under which the targets keep the portfolio. A public page that shows it asks for it by this id.",
    preset: "main",
    problem: problemIn(answers.portfolio),
  });
  const operatorsChannel = await questions.ask({
    text: "Operators' channel",
    why: `The Slack channel that gets alerts and the weekly digest. Open it in a browser: its address ends with the two
ids, as in T012AB3CD/C012AB3CD. Invite the bot there at the end. It can be added later, in production.json.`,
    preset: "none",
    problem: (answer) => (answer === "none" ? null : problemIn(answers.operatorsChannel)(answer)),
  });
  return {
    name,
    accountId: account,
    operatorsChannel: operatorsChannel === "none" ? null : operatorsChannel,
    url: withScheme(url),
    location: answers.location.parse(location),
    jurisdiction: jurisdiction === "none" ? null : (answers.jurisdiction.parse(jurisdiction) ?? null),
    portfolio,
    workspace: null,
    botDatabases: 1,
    databases: {},
    cache: null,
    secretsAreSet: false,
    encryptionKeyIsSet: false,
  };
};

/** On workers.dev the first label is the Worker's name. */
const ofWorkersDev = (url: string, name: string): string | null => {
  const { hostname } = new URL(url);
  return hostname.endsWith(".workers.dev") && !new RegExp(`^${name}\\.[a-z0-9-]+\\.workers\\.dev$`).test(hostname)
    ? `On workers.dev it has to be ${name}.<subdomain>.workers.dev.`
    : null;
};

/** The values that Slack shows once the app exists. */
export const askSlackSecrets = async (questions: Questions, manifestPath: string): Promise<SlackSecrets> => {
  const clientId = await questions.ask({
    text: "Client ID",
    why: `Now make the Slack app: https://api.slack.com/apps, Create New App, From a manifest, your workspace, and paste
${manifestPath}. Slack may say that the address does not answer yet; it will be verified at the end.
Then, under Basic Information, App Credentials, copy the Client ID.`,
    problem: (answer) => (/^\d+\.\d+$/.test(answer) ? null : "A client id is two numbers with a dot between them."),
  });
  const clientSecret = await questions.ask({
    text: "Client Secret",
    why: `Beside it, show the Client Secret, and paste it: with the two, workspaces install the app at /slack/install,
and people sign in at the portal with Slack. It is not shown here, and not kept on this machine.`,
    isSecret: true,
    problem: (answer) => (/^[0-9a-f]{32}$/.test(answer) ? null : "A client secret has 32 hexadecimal digits."),
  });
  const signingSecret = await questions.ask({
    text: "Signing Secret",
    why: "Below it, show the Signing Secret: it proves that a request is of Slack.",
    isSecret: true,
    problem: (answer) => (/^[0-9a-f]{32}$/.test(answer) ? null : "A signing secret has 32 hexadecimal digits."),
  });
  return { clientId, clientSecret, signingSecret };
};
