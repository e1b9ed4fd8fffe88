/** Intents that read, search, click and fill in. */
import { seededRows } from "../../world/starting-rows.ts";
import { type Draw, type Kind, has, isForm, nameOf, type } from "./draw.ts";

export const readingKinds = ({ world, workspace, commit, random, anybody, editor, approver }: Draw): Kind[] => {
  const { slack } = world;
  const forms = slack.openViews(workspace.id).filter(isForm);
  const said = `${nameOf(random.pick(seededRows))} to ${random.between(1, 9)} years`;
  const text = random.pick([
    "status",
    "staged",
    "",
    "log",
    `show ${commit}`,
    `diff ${commit}`,
    `why ${commit}`,
    "verify",
  ]);
  return [
    ["read", 0.4, type(anybody, text)],
    ["click", has([...slack.messages.keys()], 3), { do: "click", userId: random.chance(0.8) ? approver : anybody }],
    ["submit", has(forms, 12), { do: "submit", userId: anybody }],
    ["open home", 0.5, { do: "open home", userId: anybody }],
    ["search rows", 1.5, { do: "search rows", userId: editor }],
    ["stage a message", 0.5, { do: "stage a message", userId: editor, text: said }],
  ];
};
