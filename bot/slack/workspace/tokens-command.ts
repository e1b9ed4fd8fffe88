import { newToken } from "../../../shared/api-token.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import { closest } from "../../../shared/domain/closest.ts";
import { tokenLife } from "../../../shared/domain/workspace/token.ts";
import { createToken } from "../../../shared/use-cases/workspace/create-token.ts";
import { listTokens } from "../../../shared/use-cases/workspace/list-tokens.ts";
import { revokeToken } from "../../../shared/use-cases/workspace/revoke-token.ts";
import { permit } from "../../../shared/use-cases/session.ts";
import { tokenView } from "./token-modal.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, type CommandCall, usageOf } from "../core/commands/command.ts";
import { numberOf } from "../core/commands/grammar.ts";
import { tokensReply, tokenCreatedReply } from "./tokens-reply.ts";

const subcommands = ["new", "revoke"] as const;

export const tokens: Command = {
  name: "tokens",
  usage: "[new [name] | revoke <number>] [--scopes read,stage] [--days 90]",
  summary: "Lists your API tokens, for programs and the `cv` command line; makes or revokes one.",
  examples: ["/cv tokens", "/cv tokens new", "/cv tokens new CI --scopes read,push --days 30", "/cv tokens revoke 3"],
  permission: "tokens",
  options: [
    { name: "scopes", value: "read, stage, review, push or admin, separated by commas" },
    { name: "days", value: "how many days it lives, 1 to 365" },
  ],
  run: async (call) => {
    const [word, ...rest] = call.args.positionals;
    if (word === undefined) return list(call);
    const subcommand = subcommands.find((each) => each === word.toLowerCase());
    if (!subcommand) {
      const near = closest(word.toLowerCase(), subcommands);
      return usageOf(
        tokens,
        `\`${quoted(word, 40)}\` is nothing to do with a token.${near ? ` Did you mean \`${near}\`?` : ""}`,
      );
    }
    return subcommand === "new" ? create(call, rest.join(" ")) : revoke(call, rest);
  },
};

const list = async ({ ctx }: CommandCall): Promise<Reply> => {
  const listed = await listTokens(ctx);
  return listed.ok ? tokensReply(listed.value) : refuse(listed.reason);
};

/** Without a name a form asks for it. */
const create = async ({ ctx, args, openModal }: CommandCall, name: string): Promise<Reply | null> => {
  const { scopes = "read", days = String(tokenLife.usual) } = args.options;
  if (name === "") {
    const listed = await listTokens(ctx);
    if (!listed.ok) return refuse(listed.reason);
    const allowed = permit(listed.value.session, "tokens");
    if (!allowed.ok) return refuse(allowed.reason);
    await openModal(tokenView(listed.value.session.role));
    return null;
  }
  const life = typeof days === "string" && /^\d{1,4}$/.test(days) ? Number(days) : Number.NaN;
  const secret = newToken();
  const chosen = String(scopes)
    .split(/[\s,]+/)
    .filter((scope) => scope !== "");
  const created = await createToken(ctx, { name, scopes: chosen, days: life, secret });
  if (!created.ok) return refuse(created.reason);
  return tokenCreatedReply(created.value, secret);
};

const revoke = async ({ ctx }: CommandCall, words: string[]): Promise<Reply> => {
  const [word, extra] = words;
  if (word === undefined) return usageOf(tokens, "Say which token, by its number.");
  const number = numberOf(word);
  if (number === null) return usageOf(tokens, `\`${quoted(word, 40)}\` is not the number of a token.`);
  if (extra !== undefined) return usageOf(tokens, `\`${quoted(extra, 40)}\` is too much.`);
  const revoked = await revokeToken(ctx, number);
  if (!revoked.ok) return refuse(revoked.reason);
  return say(`Token *${number}*, ${quoted(revoked.value.name)}, is revoked. Whatever uses it is refused from now on.`);
};
