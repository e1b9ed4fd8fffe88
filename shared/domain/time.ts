import * as z from "zod/mini";

/** A moment, ISO 8601 in UTC. Not checked: whatever recorded it wrote it so. The OpenAPI document knows it by this schema. */
export const time = z.string();
