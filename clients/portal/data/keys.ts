/** Query keys of the cached server data. */
export const keys = {
  me: ["me"],
  workspaces: ["workspaces"],
  entities: ["entities"],
  staged: ["staged"],
  actionItems: ["actionItems"],
  activity: ["activity"],
  /** Every page of every filter. */
  commits: ["commits"],
  commit: (number: number) => ["commit", number],
  /** Of a content, which never changes. */
  operations: (number: number, hash: string) => ["operations", number, hash],
  /** For one commit, or for all. */
  checks: (number?: number) => (number === undefined ? ["checks"] : ["checks", number]),
  /** Read again with the checks. */
  conflicts: (number: number) => ["checks", number, "conflicts"],
  push: (number: number) => ["push", number],
  /** All of them. */
  pushes: ["push"],
  /** The events of a commit. */
  history: (commit: number) => ["history", commit],
  /** Of the portfolio. */
  rows: ["rows"],
  /** Of the targets: read again with the rows. */
  verify: ["rows", "verify"],
  roles: ["roles"],
  personExport: (userId: string) => ["personExport", userId],
  settings: ["settings"],
  tokens: ["tokens"],
  login: (code: string) => ["login", code],
  targets: ["targets"],
  webhooks: ["webhooks"],
  deadLetters: ["deadLetters"],
  doctor: ["doctor"],
  /** What has happened, by page. */
  log: ["log"],
  rowsOf: (entityType: string) => ["rows", "of", entityType],
} as const;

export type Key = readonly (string | number)[];
