/** The operator's own workspace: somebody installs the app there, and it gets the targets of this production. */
import * as z from "zod";
import { NotYet, ask, within } from "./operated-bot.ts";
import type { Production } from "./production-file.ts";
import { type Questions, oneOf } from "./questions.ts";

/** Less than a pass is good for. */
const patienceMs = 9 * 60_000;

const listed = z.object({
  workspaces: z.array(z.object({ id: z.string(), name: z.nullable(z.string()), installedBy: z.string() })),
});
const given = z.object({ targets: z.array(z.string()) });

/**
 * Waits until the app is installed. Which workspace gets the targets is asked: with them it changes the portfolio.
 * @returns its id
 */
export const connectWorkspace = async (
  production: Pick<Production, "url" | "portfolio">,
  pass: string,
  questions: Questions,
  print: (line: string) => void,
): Promise<string> => {
  const { url, portfolio } = production;
  const headers = { authorization: `Bearer ${pass}` };
  print(`
Now install the app in your Slack workspace. Open this address in a browser, and allow it:
  ${url}/slack/install
You will be the first admin. Where you install it for a whole organisation, type /cv in your workspace then.
Setup waits, and goes on by itself.`);
  const installed = await within(patienceMs, 2000, async () => {
    const { workspaces } = listed.parse(await ask(url, "/operations/workspaces", { headers }));
    if (workspaces.length > 0) return workspaces;
    throw new NotYet("No workspace has the app yet: install it, and type `npm run setup` again");
  });
  const lines = installed.map(({ id, name, installedBy }) => `  ${id}  ${name ?? ""}, installed by ${installedBy}`);
  const [only, ...others] = installed;
  const workspace = await questions.ask({
    text: "Your workspace",
    why: `The app is installed in:\n${lines.join("\n")}\nOne of them gets the targets: who works there changes the portfolio "${portfolio}".`,
    ...(only && others.length === 0 ? { preset: only.id } : {}),
    problem: oneOf(installed.map(({ id }) => id)),
  });
  const path = `/operations/workspaces/${workspace}/targets`;
  const { targets } = given.parse(await ask(url, path, { method: "POST", headers }));
  print(`✓ ${workspace} has the targets ${targets.join(" and ")}`);
  return workspace;
};
