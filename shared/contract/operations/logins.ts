/** `cv login`: a device asks to act for a person, who confirms it at the portal. */
import * as z from "zod/mini";
import { type LoginState, loginSchema, loginStates, maxDeviceName } from "../../domain/workspace/login.ts";
import { shown } from "../shown.ts";
import { newToken, newTokenProblems, token } from "./administration.ts";
import { operationsOf } from "./operation.ts";

const ofLogin = shown(loginSchema, "code", "device", "createdAt", "expiresAt");

export const login = z.object({ ...ofLogin.shape, state: z.enum(loginStates) });
type ApiLogin = z.infer<typeof login>;

export const apiLogin = (of: Parameters<typeof ofLogin.of>[0] & { state: LoginState }): ApiLogin => ({
  ...ofLogin.of(of),
  state: of.state,
});

const { get, post, remove } = operationsOf("Workspace", "tokens");

export const loginsOperations = {
  beginLogin: post("/logins", {
    isPublic: true,
    summary: "Ask to act for a person, or what has become of that",
    description:
      "For a device that has made a token itself and sends its SHA-256: the token travels only once it is used. Show `code` and `url` to the person, and repeat the request every `intervalSeconds` until `state` is not `pending`. Once confirmed, the token is one of whoever confirmed it. By address, 60 requests a minute.",
    body: z.strictObject({
      hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
      device: z.string().check(z.minLength(1), z.maxLength(maxDeviceName)),
    }),
    example: { hash: "5a4c38502bf8c8d7ce7d77c8e30bf099dd71b23903a71e21495b5768526ab569", device: "averys-laptop" },
    reply: z.extend(login, { url: z.string(), intervalSeconds: z.int() }),
    problems: ["text_not_allowed", "login_unavailable"],
  }),

  showLogin: get("/logins/{code}", {
    summary: "Show a device that asks to act for you",
    description: "For a person who signed in. Compare the code with the one that the device shows.",
    reply: login,
    problems: ["login_not_found", "token_not_allowed"],
  }),

  confirmLogin: post("/logins/{code}/confirm", {
    summary: "Let a device act for you",
    description: "Its token becomes one of yours, with this name, these scopes and this end. A code is used once.",
    body: newToken,
    example: { name: "cv on averys-laptop", scopes: ["read", "stage"], days: 90 },
    status: 201,
    reply: token,
    problems: ["login_not_found", ...newTokenProblems],
  }),

  declineLogin: remove("/logins/{code}", {
    summary: "Refuse a device that asks to act for you",
    reply: login,
    problems: ["login_not_found", "token_not_allowed"],
  }),
};
