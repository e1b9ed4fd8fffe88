/** Which workspaces have the app, with which token. */
import type { CommonDeps } from "../../shared/environment.ts";
import { log } from "../../shared/log.ts";
import { DatabaseOutage } from "../../shared/storage/database.ts";
import type { UseCaseContext } from "../../shared/use-cases/context.ts";
import { learntWorkspace, ownWorkspace } from "../slack/core/own-workspace.ts";
import { type Variables, apiUrlOf, oauthOf } from "../variables.ts";
import { type Installations, createInstallations } from "./installations.ts";
import type { OAuthClient } from "./oauth.ts";

export interface Installation {
  botToken: string;
  /** `unknown`: D1 has not said it; who needs the token asks again. */
  source: "row" | "variable" | "unknown";
}

export interface Installing {
  /**
   * Null where the app is not installed. Workspaces that have installed it themselves have a row; WORKSPACES names
   * others. Without it SLACK_BOT_TOKEN is of whichever workspace the caller has found: `serves` says whether it is.
   */
  installation: (workspaceId: string, organisationId?: string | null) => Promise<Installation | null>;
  /** Whether it is this workspace's; null while Slack has not said to which one the only token belongs. */
  serves: (workspaceId: string, installed: Installation) => Promise<boolean | null>;
  /** False where no workspace of this id can have the app: nothing is looked up. */
  mayBeInstalled: (workspaceId: string) => boolean;
  installations: Installations;
  /** Who lets workspaces install the app themselves; null where nobody does. */
  oauth: OAuthClient | null;
  /** How the variables set a workspace up. */
  bootstrapOf: (workspaceId: string) => UseCaseContext["bootstrap"];
}

/** Which workspaces have the app: by rows, and by the variables. */
export const installingOf = (env: Env, vars: Variables, common: CommonDeps): Installing => {
  const apiUrl = apiUrlOf(vars);
  const oauth = oauthOf(vars, new URL(vars.PUBLIC_URL).origin);
  const installations = createInstallations({ ...common, apiUrl, client: oauth });
  const only = vars.WORKSPACES
    ? null
    : { botToken: vars.SLACK_BOT_TOKEN, admin: vars.BOOTSTRAP_ADMIN, targets: vars.DEFAULT_TARGETS };
  if (only && only.botToken === "" && oauth === null)
    throw new Error(
      "Set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, as docs/reference/settings.md says",
    );
  const configuredFor = (workspaceId: string) =>
    only ?? (vars.WORKSPACES && Object.hasOwn(vars.WORKSPACES, workspaceId) ? vars.WORKSPACES[workspaceId] : null);
  const installation: Installing["installation"] = async (workspaceId, organisationId) => {
    // The variable's own workspace, where that is learnt already, needs no look at D1: where Slack refuses the token
    // because the app was installed again since, `renew` finds the new one.
    if (only && learntWorkspace(only.botToken)?.id === workspaceId)
      return { botToken: only.botToken, source: "variable" };
    const configured = configuredFor(workspaceId)?.botToken ?? "";
    const installed = await installations.of(workspaceId, organisationId).catch((error: unknown) => {
      // With a variable the request goes on, and meets what is wrong with D1 where it is answered.
      if (configured === "" || error instanceof DatabaseOutage) throw error;
      log("slack.installation_unknown", { workspaceId, error: String(error) });
      return null;
    });
    if (installed === "uninstalled") return null;
    if (installed !== null) return { botToken: installed.botToken, source: "row" };
    return configured === "" ? null : { botToken: configured, source: "variable" };
  };
  const bootstrapOf: Installing["bootstrapOf"] = (workspaceId) => {
    const found = configuredFor(workspaceId);
    const targets = (found?.targets ?? []).map((target) => ({
      ...target,
      credentials: target.credentials ?? target.name,
    }));
    return { admin: found?.admin || null, targets };
  };
  return {
    installation,
    installations,
    oauth,
    bootstrapOf,
    mayBeInstalled: (workspaceId) => oauth !== null || configuredFor(workspaceId) != null,
    serves: async (workspaceId, { source }) => {
      if (!only || source !== "variable") return true;
      const own = await ownWorkspace({ botToken: only.botToken, apiUrl }, env.CACHE);
      return own === null ? null : own.id === workspaceId;
    },
  };
};
