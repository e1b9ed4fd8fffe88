import * as z from "zod/mini";
import { jsonIn } from "../json.ts";

const token = z.string().check(z.minLength(1));

/** Secrets shared with one target, one list per direction; the first signs, all verify, so that they can be rotated. */
const credentials = z.object({
  /** We sign requests to the target with the first. */
  request: z.array(z.string()).check(z.minLength(1)),
  /** The target signs its webhooks with one of these. */
  webhook: z.array(z.string()).check(z.minLength(1)),
  /** Bearer token for reads. Of several, as the target may hold them, the first is sent. */
  read: z.pipe(
    z.union([token, z.array(token).check(z.minLength(1))]),
    z.transform((read: string | string[]): string => (typeof read === "string" ? read : (read[0] ?? ""))),
  ),
});
export type TargetCredentials = z.infer<typeof credentials>;

const credentialsByName = z.record(z.string(), credentials);
export type CredentialsByName = z.infer<typeof credentialsByName>;

/** Reads TARGET_CREDENTIALS. Throws when it is not as documented, without quoting any of it. */
export const parseCredentials = (json: string): CredentialsByName => {
  const parsed = credentialsByName.safeParse(jsonIn(json));
  if (!parsed.success)
    throw new Error("TARGET_CREDENTIALS must be JSON: {name: {request: [whsec_…], webhook: [whsec_…], read: …}}");
  return parsed.data;
};

/** Reads what was stored: the same as JSON. */
export const storedCredentials = (json: string): TargetCredentials => credentials.parse(JSON.parse(json));
