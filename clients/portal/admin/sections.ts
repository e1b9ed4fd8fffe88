/** The pages of administration, and who may open each. Pure. */
import type { Me } from "../data/queries.ts";

/** In the order of the tabs. */
export const sections = [
  { name: "roles", title: "People", permission: "roles" },
  { name: "settings", title: "Settings", permission: "settings" },
  { name: "tokens", title: "API tokens", permission: "ownTokens" },
  { name: "webhooks", title: "Webhooks", permission: "webhooks" },
  { name: "dead-letters", title: "Dead letters", permission: "deadLetters" },
  { name: "targets", title: "Targets", permission: "verify" },
  { name: "doctor", title: "Doctor", permission: "settings" },
  { name: "personal-data", title: "Personal data", permission: "roles" },
  { name: "log", title: "Log", permission: "read" },
] as const;
export type SectionName = (typeof sections)[number]["name"];

type Reader = Pick<Me, "permissions">;

export const sectionsFor = ({ permissions }: Reader): (typeof sections)[number][] =>
  sections.filter(({ permission }) => permissions.includes(permission));
