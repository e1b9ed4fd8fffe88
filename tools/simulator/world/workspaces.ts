/** Who works where: two workspaces, each with its own token, people, portfolio and secrets. */
import type { Role } from "../../../shared/domain/workspace/roles.ts";
import { cast } from "../../../test/support/people.ts";

export interface Workspace {
  id: string;
  botToken: string;
  portfolioId: string;
  channel: string;
  people: { userId: string; role: Role }[];
}

const workspace = (owner: string): Workspace => ({
  id: `T0${owner.toUpperCase()}`,
  botToken: `xoxb-${owner}`,
  portfolioId: owner,
  channel: `C0${owner.toUpperCase()}`,
  people: Object.values(cast).map(({ name, role }) => ({ userId: `U0${name}${owner}`.toUpperCase(), role })),
});

export const workspaces: readonly Workspace[] = [workspace("ours"), workspace("theirs")];

export const targetNames = ["d1cv", "ai-agent"] as const;

export type TargetName = (typeof targetNames)[number];

export const secretOf = (entry: string, direction: "request" | "webhook", generation: number): string =>
  `whsec_${Buffer.from(`a secret of 24 bytes or more: ${entry} ${direction} ${generation}`).toString("base64")}`;
