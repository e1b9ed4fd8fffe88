/** How people go on after a message: what each medium shows as its command, its request or its link. */
export type Step = { to: "stage"; entityType: string } | { to: "staged" };
