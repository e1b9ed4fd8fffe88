import { newToken } from "../../../shared/api-token.ts";
import { type Answer, type Reply, answer, refuse, say } from "../core/reply.ts";
import { tokenLife } from "../../../shared/domain/workspace/token.ts";
import { createToken } from "../../../shared/use-cases/workspace/create-token.ts";
import { type TokenList, listTokens } from "../../../shared/use-cases/workspace/list-tokens.ts";
import { revokeToken } from "../../../shared/use-cases/workspace/revoke-token.ts";
import { permit } from "../../../shared/use-cases/session.ts";
import { tokenView } from "./token-modal.ts";
import { quoted } from "../blocks/text.ts";
import type { CommandCall } from "../core/commands/command.ts";
import { withSubcommands } from "../core/commands/subcommands.ts";
import { tokensReply, tokenCreatedReply } from "./tokens-reply.ts";

const list = ({ ctx }: CommandCall): Promise<Reply> => answer(listTokens(ctx), tokensReply);

/** Without a name a form asks for it. */
const create = async ({ ctx, args }: CommandCall, words: string[]): Promise<Answer> => {
  const name = words.join(" ");
  if (name === "") return answer(listTokens(ctx), tokenForm);
  const { scopes: typed = "read", days = String(tokenLife.usual) } = args.options;
  const scopes = typed.split(/[\s,]+/).filter((scope) => scope !== "");
  const secret = newToken();
  const input = { name, scopes, days: /^\d{1,4}$/.test(days) ? Number(days) : Number.NaN, secret };
  return answer(createToken(ctx, input), tokenCreatedReply);
};

const tokenForm = ({ session }: TokenList): Answer => {
  const allowed = permit(session, "tokens");
  return allowed.ok ? tokenView(session.role) : refuse(allowed.reason);
};

const revoke = ({ ctx }: CommandCall, number: number): Promise<Reply> =>
  answer(revokeToken(ctx, number), ({ name }) =>
    say(`Token *${number}*, ${quoted(name)}, is revoked. Whatever uses it is refused from now on.`),
  );

export const tokens = withSubcommands({
  name: "tokens",
  usage: "[new [name] | revoke <number>] [--scopes read,stage] [--days 90]",
  summary: "Lists your API tokens, for programs and the `cv` command line; makes or revokes one.",
  examples: ["/cv tokens", "/cv tokens new", "/cv tokens new CI --scopes read,push --days 30", "/cv tokens revoke 3"],
  permission: "ownTokens",
  options: [
    { name: "scopes", value: "read, stage, review, push or admin, separated by commas" },
    { name: "days", value: "how many days it lives, 1 to 365" },
  ],
  noun: "token",
  list,
  general: { new: create },
  numbered: { revoke },
});
