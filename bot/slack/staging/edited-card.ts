/** The direct message to somebody whose staged change others have edited: what it was, and what it is now. */
import { editMessages } from "../../../shared/messages/en/refusals/commits.ts";
import { editByOthers } from "../../../shared/domain/staging/edited.ts";
import type { Change } from "../../../shared/domain/staging/change.ts";
import { list, message } from "../../../shared/messages/message.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type Message, said } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";

export const editedCard = (change: Change): Message => {
  const { number, state } = change;
  const edit = editByOthers(change);
  if (state === "discarded")
    return said(`:wastebasket: Change ${number} of yours was edited by others, and is unstaged.`);
  if (state === "committed" || !edit)
    return said(`:white_check_mark: Change ${number} of yours was edited by others, and you know of it.`);
  return said(
    `:pencil2: Somebody else has edited your staged change:${mrkdwn(message`${list(editMessages(edit))}`)}`,
    commandButton("go", "Edit…", `edit ${number}`),
    commandButton("go", "Staged changes", "staged"),
  );
};
