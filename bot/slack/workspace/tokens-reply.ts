/** API tokens, and a new one with its secret. */
import type { Reply } from "../core/reply.ts";
import { type ApiToken, tokenState } from "../../../shared/domain/workspace/token.ts";
import type { TokenList } from "../../../shared/use-cases/workspace/list-tokens.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, header, section } from "../blocks/blocks.ts";
import type { ShownOnce } from "../../../shared/use-cases/session.ts";
import { tokenSecretShown } from "../../../shared/messages/en/secrets.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { mention, moment, quoted } from "../blocks/text.ts";

/** With their buttons they have to fit into a message. */
const maxShown = 12;

const line = ({ token, now, everybodys }: { token: ApiToken; now: string; everybodys: boolean }): string => {
  const state = tokenState(token, now);
  const used = token.lastUsedAt === null ? "never used" : `last used ${moment(token.lastUsedAt)}`;
  const end = state === "active" ? `ends ${moment(token.expiresAt)}` : state;
  return `*${token.number}*  ${quoted(token.name)}: ${token.scopes.join(", ")}\n${everybodys ? `${mention(token.userId)}, ` : ""}${end}, ${used}`;
};

const revokeButton = (token: ApiToken) =>
  commandButton("do", `Revoke ${token.number}`, `tokens revoke ${token.number}`, {
    confirm: {
      title: "Revoke the token?",
      text: "Whatever uses it is refused from then on. It cannot be taken back.",
      confirm: "Revoke",
      danger: true,
    },
  });

export const tokensReply = ({ tokens: all, everybodys, mayCreate, now }: Omit<TokenList, "session">): Reply => {
  const shown = all.slice(0, maxShown);
  const none = "There are no API tokens.";
  return {
    text: all.length === 0 ? none : `API tokens: ${shown.map(({ name }) => quoted(name)).join(", ")}`,
    blocks: blocksOf(
      header("API tokens"),
      shown.length === 0 && section(none),
      shown.flatMap((token) =>
        blocksOf({
          ...section(line({ token, now, everybodys })),
          ...(tokenState(token, now) === "active" && { accessory: revokeButton(token) }),
        }),
      ),
      mayCreate && actions(commandButton("go", "New token…", "tokens new")),
      context(
        `A token acts for you, within its scopes: for the \`cv\` command line and your own programs.${all.length > shown.length ? ` The newest ${shown.length} of ${all.length} are shown.` : ""}`,
      ),
    ),
    again: "tokens",
  };
};

/** The fallback text goes into notifications, so the secret is not in it. */
export const tokenCreatedReply = ({ secret, ...token }: ShownOnce<ApiToken>): Reply => ({
  text: `Token ${token.number} is made`,
  blocks: [
    ...(secret === null
      ? [section(`Token *${token.number}*, ${quoted(token.name)}, is made. ${mrkdwn(tokenSecretShown(token.number))}`)]
      : [
          section(`Token *${token.number}*, ${quoted(token.name)}, is made. It is shown this once, so copy it now:`),
          section(`\`\`\`${secret}\`\`\``),
        ]),
    context(
      `It may ${token.scopes.join(", ")} for you, and ends ${moment(token.expiresAt)}. Keep it secret: in \`CV_OPS_TOKEN\`, for example, never in code. \`/cv tokens revoke ${token.number}\` ends it at once.`,
    ),
  ],
});
