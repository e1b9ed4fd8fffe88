import type { ApiCommitCard } from "../../../shared/contract/resources.ts";

/** What a list and a page both know of a commit. */
export type ShownCommit = Omit<ApiCommitCard, "changeCount" | "operations" | "operationCount">;
