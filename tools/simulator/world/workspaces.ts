/** Who works where: two workspaces, each with its own token, people, portfolio and secrets. */

export interface Workspace {
  id: string;
  botToken: string;
  portfolioId: string;
  channel: string;
  people: { userId: string; role: Role }[];
}

export type Role = "viewer" | "editor" | "approver" | "admin";

const workspace = (owner: string): Workspace => ({
  id: `T0${owner.toUpperCase()}`,
  botToken: `xoxb-${owner}`,
  portfolioId: owner,
  channel: `C0${owner.toUpperCase()}`,
  people: [
    { userId: `U0CARLA${owner.toUpperCase()}`, role: "admin" },
    { userId: `U0PRIYA${owner.toUpperCase()}`, role: "approver" },
    { userId: `U0PAUL${owner.toUpperCase()}`, role: "approver" },
    { userId: `U0AVERY${owner.toUpperCase()}`, role: "editor" },
    { userId: `U0BLAKE${owner.toUpperCase()}`, role: "editor" },
    { userId: `U0VIKTOR${owner.toUpperCase()}`, role: "viewer" },
  ],
});

export const workspaces: readonly Workspace[] = [workspace("ours"), workspace("theirs")];

export const targetNames = ["d1cv", "ai-agent"] as const;

export type TargetName = (typeof targetNames)[number];

export const secretOf = (entry: string, direction: "request" | "webhook", generation: number): string =>
  `whsec_${Buffer.from(`a secret of 24 bytes or more: ${entry} ${direction} ${generation}`).toString("base64")}`;
