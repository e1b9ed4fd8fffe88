import { createHash } from "node:crypto";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { newToken } from "../../../shared/api-token.ts";
import { tokenShape } from "../../../shared/domain/workspace/token.ts";
import { ApiProblem } from "../../sdk/index.ts";
import { WrongUsage } from "../arguments.ts";
import { type Command, type CommandCall, type Exit, exit } from "../command.ts";
import { createNames } from "../names.ts";

type Me = ReplyOf<"whoAmI">;

/** "Carla Mendes, admin of T0CVOPS01, with token cv on laptop (read, stage)" */
export const selfLine = ({ userId, role, workspaceId, token }: Me): string =>
  `${userId}, ${role} of ${workspaceId}${token ? `, with token ${token.name} (${token.scopes.join(", ")})` : ""}`;

/** "The token expires on 2027-02-28." */
export const endLines = ({ token }: Pick<Me, "token">): string[] =>
  token?.expiresAt ? [`The token expires on ${token.expiresAt.slice(0, 10)}.`] : [];

export const login: Command = {
  name: "login",
  usage: "[address] [--with-token]",
  summary: "Signs in: you confirm a code in the portal, and cv stores a token of yours.",
  examples: ["cv login https://cv-ops.example.com", "cv login --with-token < token.txt"],
  options: [{ name: "with-token", summary: "stores a token from standard input, for a machine without a browser" }],
  maxWords: 1,
  isForAccounts: true,
  run: async (call) => {
    const { account, args, out } = call;
    const baseUrl = account.baseUrl(args.words[0]);
    const token = args.options["with-token"] === true ? await readToken(call) : newToken();
    if (args.options["with-token"] !== true) {
      const end = await confirmed(call, baseUrl, token);
      if (end !== null) return end;
    }
    const client = account.clientFor(baseUrl, token);
    const me = await client.whoAmI();
    account.store(baseUrl, token);
    const { path } = account;
    out.show(
      { ...(await (out.isJson ? me : createNames(client)(me))), url: new URL(baseUrl).origin, path },
      (shown) => [
        `Signed in to ${shown.url} as ${selfLine(shown)}.`,
        ...endLines(shown),
        `The token is in ${path}, which only you may read.`,
      ],
    );
    if (account.isOverruled) out.note("CV_OPS_TOKEN is set and outranks it: unset CV_OPS_TOKEN to use it.");
    return exit.done;
  },
};

const readToken = async ({ readInput }: CommandCall): Promise<string> => {
  const token = (await readInput()).trim();
  if (tokenShape.test(token)) return token;
  throw new WrongUsage("Standard input has no token: cv login --with-token < token.txt.");
};

/** Waits for a person to confirm the token. @returns null once somebody has, else how the command ends */
const confirmed = async (call: CommandCall, baseUrl: string, token: string): Promise<Exit | null> => {
  const { account, out, device, openBrowser, interrupted, wait } = call;
  const client = account.clientFor(baseUrl, null);
  const asked = { hash: createHash("sha256").update(token).digest("hex"), device };
  const begun = await client.beginLogin(asked);
  const { code, url, expiresAt, intervalSeconds } = begun;
  const signal = interrupted();
  out.note(
    `Your code is ${code}.\nConfirm it in the portal, where you are signed in, until ${expiresAt.slice(11, 16)} UTC:\n${url}`,
  );
  if (out.isWatched) await openBrowser(url);
  let now = begun;
  while (now.state === "pending" && now.code === code) {
    await wait(intervalSeconds * 1000, signal);
    if (signal.aborted) return exit.interrupted;
    now = await client.beginLogin(asked, { signal });
  }
  // Long after its end the server knows the device no more, and gives it another code.
  const end = now.code === code ? now.state : "expired";
  if (end === "confirmed") return null;
  const detail =
    end === "declined"
      ? "The sign-in was declined in the portal."
      : "Nobody has confirmed the code in time. Run cv login again for a new one.";
  out.error({ code: `login_${end}`, detail }, detail);
  return exit.refused;
};

export const logout: Command = {
  name: "logout",
  usage: "[address]",
  summary: "Signs out: ends the token that cv login has stored, and deletes it here.",
  examples: ["cv logout"],
  maxWords: 1,
  isForAccounts: true,
  run: async ({ account, args, out }) => {
    const baseUrl = account.baseUrl(args.words[0]);
    const { origin: url } = new URL(baseUrl);
    const token = account.storedFor(baseUrl);
    if (token === null) {
      const detail = `Nobody is signed in to ${url} here.`;
      out.error({ code: "not_signed_in", detail }, detail);
      return exit.refused;
    }
    const client = account.clientFor(baseUrl, token);
    try {
      const { token: own } = await client.whoAmI();
      if (own) await client.revokeToken({ number: own.number });
    } catch (error) {
      // Then it has ended before; any other failure leaves it where it is.
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
    }
    account.forget(baseUrl);
    out.show({ url }, () => [`Signed out of ${url}: the token is revoked, and deleted from ${account.path}.`]);
    if (account.isOverruled) out.note("CV_OPS_TOKEN is still set, and cv goes on using it.");
    return exit.done;
  },
};
