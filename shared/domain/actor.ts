/** Who did something; recorded on every event. */
export type Actor = { kind: "slack"; id: string } | { kind: "target"; id: string } | { kind: "system"; id: string };

export const systemActor = (id: string): Actor => ({ kind: "system", id });
