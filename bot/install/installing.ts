/** Which workspaces have the app, with which token. */
import type { CommonDeps } from "../../shared/environment.ts";
import { log } from "../../shared/log.ts";
import { DatabaseOutage } from "../../shared/storage/database.ts";
import type { ConfiguredTarget } from "../../shared/storage/pushes/targets.ts";
import type { UseCaseContext } from "../../shared/use-cases/context.ts";
import { type NamedWorkspace, importWorkspace } from "../../shared/use-cases/workspace/import-workspaces.ts";
import { learntWorkspace, ownWorkspace } from "../slack/core/own-workspace.ts";
import { type Variables, apiUrlOf, configuredTargets, namedWorkspacesOf, oauthOf } from "../variables.ts";
import { type Installations, createInstallations } from "./installations.ts";
import type { OAuthClient } from "./oauth.ts";

export interface Installation {
  botToken: string;
  /** `unknown`: D1 has not said it; who needs the token asks again. */
  source: "row" | "variable" | "unknown";
}

export interface Installing {
  /**
   * Null where the app is not installed: a workspace that has it has a row. SLACK_BOT_TOKEN is of whichever workspace
   * the caller has found: `serves` says whether it is.
   */
  installation: (workspaceId: string, organisationId?: string | null) => Promise<Installation | null>;
  /** Whether it is this workspace's; null while Slack has not said to which one SLACK_BOT_TOKEN belongs. */
  serves: (workspaceId: string, installed: Installation) => Promise<boolean | null>;
  installations: Installations;
  /** SLACK_BOT_TOKEN, whose workspace Slack names; null where it is not set. */
  ownToken: string | null;
  /** What WORKSPACES names; null where it is not set, as it should be. */
  named: readonly NamedWorkspace[] | null;
  /** Who lets workspaces install the app themselves; null where nobody does. */
  oauth: OAuthClient | null;
  /** The operator's services, each with the operator's own portfolio. */
  ownTargets: readonly ConfiguredTarget[];
  /** How the variables set a workspace up. */
  bootstrapOf: (workspaceId: string) => UseCaseContext["bootstrap"];
}

/** Which workspaces have the app: by rows, and the one of SLACK_BOT_TOKEN. */
export const installingOf = (env: Env, vars: Variables, common: CommonDeps): Installing => {
  const apiUrl = apiUrlOf(vars);
  const oauth = oauthOf(vars, new URL(vars.PUBLIC_URL).origin);
  const installations = createInstallations({ ...common, apiUrl, client: oauth });
  const ownToken = vars.SLACK_BOT_TOKEN || null;
  const named = namedWorkspacesOf(vars);
  const ownTargets = configuredTargets(vars.DEFAULT_TARGETS);
  const namedAs = (workspaceId: string): NamedWorkspace | undefined =>
    named?.find((each) => each.workspaceId === workspaceId);
  const installation: Installing["installation"] = async (workspaceId, organisationId) => {
    // The variable's own workspace, where that is learnt already, needs no look at D1: where Slack refuses the token
    // because the app was installed again since, `renew` finds the new one.
    if (ownToken !== null && learntWorkspace(ownToken)?.id === workspaceId)
      return { botToken: ownToken, source: "variable" };
    const installed = await installations.of(workspaceId, organisationId).catch((error: unknown) => {
      // With a variable the request goes on, and meets what is wrong with D1 where it is answered.
      if (ownToken === null || error instanceof DatabaseOutage) throw error;
      log("slack.installation_unknown", { workspaceId, error: String(error) });
      return null;
    });
    if (installed === "uninstalled") return null;
    if (installed !== null) return { botToken: installed.botToken, source: "row" };
    const first = namedAs(workspaceId);
    if (first !== undefined) {
      // It comes before cron has made its rows.
      await importWorkspace(common, first);
      installations.forget(workspaceId);
      return { botToken: first.botToken, source: "row" };
    }
    return ownToken === null ? null : { botToken: ownToken, source: "variable" };
  };
  return {
    installation,
    installations,
    ownToken,
    named,
    oauth,
    ownTargets,
    bootstrapOf: (workspaceId) => {
      const first = namedAs(workspaceId);
      if (first !== undefined) return { admin: first.admin || null, targets: [...first.targets] };
      if (ownToken === null) return { admin: null, targets: [] };
      return { admin: vars.BOOTSTRAP_ADMIN || null, targets: [...ownTargets] };
    },
    serves: async (workspaceId, { source, botToken }) => {
      if (source !== "variable") return true;
      const own = await ownWorkspace({ botToken, apiUrl }, env.CACHE);
      return own === null ? null : own.id === workspaceId;
    },
  };
};
