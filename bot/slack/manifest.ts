/** The app's manifest (docs.slack.dev, "App manifest reference"), from the tables that the code itself reads. */
import { botScopes, signInScopes } from "./core/scopes.ts";
import { signInCallbackPath } from "../../shared/domain/workspace/sign-in.ts";
import type { AppsManifestCreateArguments } from "@slack/web-api";
import { botName } from "../../shared/messages/en/unposted.ts";
import { events } from "./listeners/event-names.ts";
import { shortcuts } from "./shortcuts.ts";

/** As few as do: the app reads no conversation. A test compares them with what the code calls and listens to. */

const mainJob = ["stage", "commit", "approve", "push"] as const;

/** @param publicUrl where Slack reaches the bot, such as https://cv-ops.example.com */
export const createManifest = (publicUrl: string): AppsManifestCreateArguments["manifest"] => {
  const requestUrl = new URL("/slack/events", publicUrl).href;
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: "CV Ops",
      description: "Change a CV or portfolio like code: stage, commit, review, push",
      background_color: "#2f6f4f",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: botName, always_online: true },
      shortcuts: shortcuts.map(({ callbackId, type, name, description }) => ({
        name,
        type,
        callback_id: callbackId,
        description,
      })),
      slash_commands: [
        {
          command: "/cv",
          description: "Stage, review and push changes to the portfolio",
          // A hint is read while somebody types: the four words of the main job. `/cv help` has the others.
          usage_hint: mainJob.join(" | "),
          url: requestUrl,
          should_escape: true,
        },
      ],
    },
    oauth_config: {
      redirect_urls: [new URL(signInCallbackPath, publicUrl).href, new URL("/slack/oauth_redirect", publicUrl).href],
      scopes: { bot: [...botScopes], user: [...signInScopes] },
    },
    settings: {
      event_subscriptions: { request_url: requestUrl, bot_events: [...events] },
      interactivity: { is_enabled: true, request_url: requestUrl, message_menu_options_url: requestUrl },
      org_deploy_enabled: true,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
};
