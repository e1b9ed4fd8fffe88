/** People as they are named in a command: Slack turns a mention that was chosen from its list into `<@U0…|name>`. */
import { code } from "../../blocks/text.ts";
import { type Reply, decline } from "../reply.ts";

/** The user id in a word of a command; null for a name that Slack has not turned into a mention. */
export const personOf = (word: string): string | null => (/^[UW][A-Z0-9]{6,}$/.test(word) ? word : null);

export const notAPerson = (word: string): Reply =>
  decline(
    `${code(word, 40)} is a name, and names are not unique. Write \`@\` and choose the person from the list that Slack shows; then Slack says who is meant.`,
  );
