import * as z from "zod/mini";

/** A moment, ISO 8601 in UTC. Not checked: our code recorded it. The OpenAPI document finds it by this schema. */
export const time = z.string();

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
