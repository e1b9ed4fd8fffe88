import type { Slack } from "./slack.ts";

/** A message timestamp such as `1700000000.000100`: unique and increasing, even when the clock stands still. */
export const nextTimestamp = (slack: Slack): string => {
  const last =
    slack.sql.exec<{ value: number }>("SELECT value FROM meta WHERE name = 'last_micros'").toArray()[0]?.value ?? 0;
  const micros = Math.max(slack.now() * 1000, last + 100);
  slack.sql.exec(
    "INSERT INTO meta (name, value) VALUES ('last_micros', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    micros,
  );
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
};

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** An id in Slack's style: `prefix` and ten characters. */
export const newId = (prefix: string): string =>
  prefix + [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => alphabet[byte % alphabet.length]).join("");

/** A name for a block or an element that an app left without one. */
export const newName = (): string => randomHex(3);

export const randomHex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
