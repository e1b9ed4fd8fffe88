/** What the portal keeps of the server, by name. */
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
  /** Of one commit, or of all. */
  checks: (number?: number) => (number === undefined ? ["checks"] : ["checks", number]),
  push: (number: number) => ["push", number],
  /** All of them. */
  pushes: ["push"],
  /** All that has happened to a commit. */
  history: (commit: number) => ["history", commit],
  /** Of the portfolio. */
  rows: ["rows"],
  rowsOf: (entityType: string) => ["rows", "of", entityType],
} as const;

export type Key = readonly (string | number)[];
