import { randomSecret } from "./random-secret.ts";

/** A new API token: `cvops_` and 256 random bits in base64url, so that a plain hash of it reveals nothing. */
export const newToken = (): string => `cvops_${randomSecret()}`;
