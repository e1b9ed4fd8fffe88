/** Where a target can be moved in the order in which a push applies them. */
export const moves = ["first", "earlier", "later"] as const;
export type Move = (typeof moves)[number];
