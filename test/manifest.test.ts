/** Compares manifest.json with the tables from which it is generated, and with the code's calls to Slack. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../bot/slack/commands.ts";
import { events } from "../bot/slack/listeners/event-names.ts";
import { createManifest } from "../bot/slack/manifest.ts";
import { shortcuts } from "../bot/slack/shortcuts.ts";

const root = join(import.meta.dirname, "..");
const published: unknown = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
const manifest = createManifest("https://cv-ops.example.com");
const scopes: string[] = manifest.oauth_config?.scopes?.bot ?? [];

const sources = globSync("bot/slack/**/*.ts", { cwd: root, exclude: ["**/*.test.ts"] }).map((file) =>
  readFileSync(join(root, file), "utf8"),
);

/** The scope that each method needs (docs.slack.dev, "Web API methods"); null: none. */
const scopeOfMethod: Record<string, string | null> = {
  "auth.test": null,
  "chat.delete": "chat:write",
  "chat.getPermalink": null,
  "chat.postEphemeral": "chat:write",
  "chat.postMessage": "chat:write",
  "chat.update": "chat:write",
  "users.info": "users:read",
  "users.list": "users:read",
  // Slack grants it only together with users:read.
  "users.lookupByEmail": "users:read.email",
  "views.open": null,
  "views.publish": null,
  "views.push": null,
  "views.update": null,
};

/** The scope that each event needs (docs.slack.dev, "Events"); null: none. */
const scopeOfEvent: Record<string, string | null> = {
  app_home_opened: null,
  app_mention: "app_mentions:read",
  app_uninstalled: null,
  team_access_revoked: null,
  tokens_revoked: null,
  user_change: "users:read",
};

const methodsCalled = (): string[] => [
  ...new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/\bclient\.([a-z]\w*(?:\.\w+)+)\(/g)].map(([, method = ""]) => method),
    ),
  ),
];

describe("manifest.json", () => {
  test("the manifest is generated from the tables", () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(manifest)));
  });

  test("the manifest has one slash command, whose hint has four words", () => {
    const [command, ...others] = manifest.features?.slash_commands ?? [];
    expect(others).toEqual([]);
    expect(command).toMatchObject({ command: "/cv", should_escape: true });
    const hint = command?.usage_hint?.split(" | ") ?? [];
    expect(hint).toHaveLength(4);
    for (const word of hint) expect(commands.map(({ name }) => name)).toContain(word);
  });

  test("the manifest has every shortcut and every event of the tables", () => {
    expect(manifest.features?.shortcuts?.map((shortcut) => shortcut.callback_id)).toEqual(
      shortcuts.map(({ callbackId }) => callbackId),
    );
    expect(manifest.settings?.event_subscriptions?.bot_events).toEqual(events);
  });

  test("the manifest sends all requests to one address", () => {
    const { event_subscriptions: subscriptions, interactivity } = manifest.settings ?? {};
    const urls = [
      subscriptions?.request_url,
      interactivity?.request_url,
      interactivity?.message_menu_options_url,
      manifest.features?.slash_commands?.[0]?.url,
    ];
    expect(urls).toEqual(urls.map(() => "https://cv-ops.example.com/slack/events"));
  });

  test("the manifest stays within Slack's limits", () => {
    const { description = "" } = manifest.display_information;
    expect(description.length).toBeLessThanOrEqual(140);
    expect(manifest.features?.slash_commands?.[0]?.usage_hint?.length).toBeLessThanOrEqual(1000);
    const tooLong = shortcuts.filter(({ name, description: text }) => name.length > 24 || text.length > 150);
    expect(tooLong).toEqual([]);
  });
});

describe("the scopes of the manifest", () => {
  test("the manifest's scopes read no conversations", () => {
    expect(scopes.filter((scope) => /:history$|^(channels|groups|im|mpim|files|search):/.test(scope))).toEqual([]);
  });

  test("the manifest's scopes cover every method that the code calls", () => {
    const called = methodsCalled();
    expect(called).toContain("chat.postMessage");
    expect(called.filter((method) => !Object.hasOwn(scopeOfMethod, method))).toEqual([]);
    const needed = called.map((method) => scopeOfMethod[method] ?? null).filter((scope) => scope !== null);
    expect(scopes).toEqual(expect.arrayContaining(needed));
  });

  test("the manifest's scopes cover every event, and none is unused", () => {
    expect(events.filter((event) => !Object.hasOwn(scopeOfEvent, event))).toEqual([]);
    const needed = [
      "commands",
      ...events.map((event) => scopeOfEvent[event] ?? null),
      ...methodsCalled().map((method) => scopeOfMethod[method] ?? null),
    ].filter((scope) => scope !== null);
    expect(scopes.toSorted()).toEqual([...new Set(needed)].toSorted());
  });
});

test("the code handles exactly the events of the manifest", () => {
  const heard = sources.flatMap((source) =>
    [...source.matchAll(/\bapp\.event\(\s*"(\w+)"/g)].map(([, event = ""]) => event),
  );
  expect(heard.toSorted()).toEqual([...events].toSorted());
});
