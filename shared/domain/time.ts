import * as z from "zod/mini";

/** A moment, ISO 8601 in UTC. Not checked: our code recorded it. The OpenAPI document finds it by this schema. */
export const time = z.string();
