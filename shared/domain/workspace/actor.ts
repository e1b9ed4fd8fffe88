import type { Scope } from "./roles.ts";

/** The token with which somebody came. */
export interface TokenGrant {
  id: string;
  name: string;
  scopes: readonly Scope[];
}

/**
 * Who did something; recorded on every event. A person is their Slack user id, however they came: with Slack, signed in
 * at the portal (access), or through a program that holds their token.
 */
export type Actor =
  | { kind: "slack"; id: string }
  | { kind: "access"; id: string }
  | { kind: "token"; id: string; token: TokenGrant }
  | { kind: "target"; id: string }
  | { kind: "system"; id: string };

export const actorKinds = ["slack", "access", "token", "target", "system"] as const satisfies Actor["kind"][];

/** Whether the id is that of a person. */
export const isPerson = ({ kind }: Pick<Actor, "kind">): boolean =>
  kind === "slack" || kind === "access" || kind === "token";

export const systemActor = (id: string): Actor => ({ kind: "system", id });
