/** What Slack knows of the app from its manifest, and shows. */
import manifest from "../../../manifest.json" with { type: "json" };

export interface Shortcut {
  callbackId: string;
  name: string;
  description: string;
}

const shortcutsOf = (type: "global" | "message"): readonly Shortcut[] =>
  manifest.features.shortcuts
    .filter((shortcut) => shortcut.type === type)
    .map(({ callback_id: callbackId, name, description }) => ({ callbackId, name, description }));

/** In the composer's menu. */
export const globalShortcuts = shortcutsOf("global");

/** In a message's menu. */
export const messageShortcuts = shortcutsOf("message");

export const appName = manifest.display_information.name;
export const appDescription = manifest.display_information.description;

/** Whether people may only read in the app's messages. */
export const messagesAreReadOnly = manifest.features.app_home.messages_tab_read_only_enabled;
