export const state: { seen: string[]; queued: unknown[] } = { seen: [], queued: [] };
