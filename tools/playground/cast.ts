/** The people of the local workspace: the seed, the demo, the page and the tests have the same ones. */
import type { Role } from "../../shared/domain/workspace/roles.ts";

export interface CastMember {
  /** Slack's id. */
  id: string;
  name: string;
  realName: string;
  role: Role;
}

export const cast = {
  avery: { id: "U0AVERY01", name: "Avery", realName: "Avery Lindqvist", role: "editor" },
  priya: { id: "U0PRIYA01", name: "Priya", realName: "Priya Raman", role: "approver" },
  carla: { id: "U0CARLA01", name: "Carla", realName: "Carla Mendes", role: "admin" },
  viktor: { id: "U0VIKTOR1", name: "Viktor", realName: "Viktor Hale", role: "viewer" },
} as const satisfies Record<string, CastMember>;

export type FirstName = (typeof cast)[keyof typeof cast]["name"];

export const memberCalled = (name: FirstName): CastMember => cast[name.toLowerCase() as Lowercase<FirstName>];

/** The first name of the person with this id; for others the id. */
export const nameOf = (id: string): string => Object.values(cast).find((member) => member.id === id)?.name ?? id;
