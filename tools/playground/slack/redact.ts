import { isObject, type JsonObject } from "../../slack/json.ts";

const hidden = "•••";
const secretKeys = new Set(["token", "authorization", "signing_secret", "client_secret", "code"]);
const secretText = /\b(?:xoxe?[.-](?:xox[a-z]-)?|xox[a-z]-|xapp-|whsec_)[\w+/=-]+/g;
const responseUrl = /(\/playground\/slack\/response\/)[\w.]+/g;

const redactText = (text: string): string => text.replace(secretText, hidden).replace(responseUrl, `$1${hidden}`);

const redactObject = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, secretKeys.has(key.toLowerCase()) ? hidden : redact(value)]),
  );

/** A copy without tokens, secrets and ids of response URLs, which would work for whoever reads over the shoulder. */
export const redact = (value: unknown): unknown => {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  return isObject(value) ? redactObject(value) : value;
};
