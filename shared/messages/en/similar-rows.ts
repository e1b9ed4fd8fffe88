import { type Message, code, message } from "../message.ts";
import { commas, withArticle } from "./grammar.ts";

/** Of a new row: what whoever staged it should look at. */
export const similarRowsMessage = (entityType: string, similar: readonly { id: string; name: string }[]): Message =>
  message`There is ${withArticle(entityType)} of almost this name already: ${commas(similar.map(({ id, name }) => message`${name} (${code(id, 80)})`))}. Unstage the new one if both are the same.`;
