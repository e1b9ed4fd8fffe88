/** Slack's page on which somebody lets an app into a workspace (`/oauth/v2/authorize`): who, where, and to do what. */
import { type AskedFor, type OAuthApp, backTo, readAuthorize } from "../../slack/oauth.ts";
import { choicePage, escape } from "../choice-page.ts";
import type { LocalSlack } from "./local-slack.ts";
import { type LocalWorkspace, app, findActor, isAdmin, workspaceOfPerson, workspaces } from "./workspace.ts";

const redirect = (to: string): Response => new Response(null, { status: 303, headers: { Location: to } });

const refusedPage = (error: string): Response =>
  choicePage({ title: "Slack cannot install this app", lead: `Slack's error: ${escape(error)}`, items: [] }, 400);

const withParameters = (url: URL, added: Record<string, string>): string => {
  const to = new URL(url);
  for (const [name, value] of Object.entries(added)) to.searchParams.set(name, value);
  return to.pathname + to.search;
};

const peoplePage = (url: URL, { team }: AskedFor): Response => {
  const offered = workspaces.filter((each) => team === null || team === each.team.id);
  return choicePage({
    title: `Install ${app.name} from Slack`,
    lead: "In which workspace, and as whom? On this machine you choose who to be.",
    items: [
      ...offered.flatMap((each: LocalWorkspace) =>
        each.people
          .filter(({ is_bot: isBot }) => !isBot)
          .map(({ id, real_name: name, title }) => ({
            name,
            note: title,
            group: each.team.name,
            href: withParameters(url, { as: id }),
          })),
      ),
      { name: "Cancel", note: "", href: withParameters(url, { answer: "cancel" }) },
    ],
  });
};

const consentPage = (url: URL, { scope, userScope }: AskedFor, workspace: LocalWorkspace, userId: string): Response => {
  const { name, enterpriseName } = workspace.team;
  const person = findActor(userId);
  const scopes = [...scope.split(","), ...userScope.split(",")].filter((each) => each !== "");
  const forAll = enterpriseName !== undefined && person && isAdmin(person);
  return choicePage({
    title: `${app.name} asks to be let into ${escape(name)}`,
    lead: `It would be able to: ${scopes.map((each) => `<code>${escape(each)}</code>`).join(", ")}.`,
    items: [
      { name: "Allow", note: name, href: withParameters(url, { answer: "allow" }) },
      ...(forAll
        ? [
            {
              name: "Allow for the organisation",
              note: enterpriseName,
              href: withParameters(url, { answer: "allow-organisation" }),
            },
          ]
        : []),
      { name: "Cancel", note: "", href: withParameters(url, { answer: "cancel" }) },
    ],
  });
};

/** `GET /playground/slack/oauth/v2/authorize` */
export const handleAuthorize = async (
  oauthApp: OAuthApp,
  slackOf: (workspace: LocalWorkspace) => Pick<DurableObjectStub<LocalSlack>, "agree">,
  request: Request,
): Promise<Response> => {
  const url = new URL(request.url);
  const asked = readAuthorize(oauthApp, url.searchParams);
  if ("error" in asked) return refusedPage(asked.error);
  const answer = url.searchParams.get("answer");
  if (answer === "cancel") return redirect(backTo(asked, null));
  const userId = url.searchParams.get("as") ?? "";
  const workspace = workspaceOfPerson(userId);
  if (!workspace) return peoplePage(url, asked);
  if (asked.team !== null && asked.team !== workspace.team.id) return refusedPage("invalid_team");
  if (answer !== "allow" && answer !== "allow-organisation") return consentPage(url, asked, workspace, userId);
  const agreed = await slackOf(workspace).agree(url.href, { userId, orgWide: answer === "allow-organisation" });
  return "error" in agreed ? refusedPage(agreed.error) : redirect(agreed.location);
};
