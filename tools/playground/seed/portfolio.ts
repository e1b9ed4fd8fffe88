/** The portfolio of the local stack. Noor Vega is invented, and so are the employers, schools and issuers. */
import { certifications, educations, experiences, profiles } from "./career.ts";
import { projects } from "./projects.ts";
import type { SeedRow } from "./seed-row.ts";
import { technologies } from "./technologies.ts";

export const portfolioId = "noor-vega";

export const portfolio: readonly SeedRow[] = [
  ...profiles,
  ...experiences,
  ...projects,
  ...educations,
  ...certifications,
  ...technologies,
];
