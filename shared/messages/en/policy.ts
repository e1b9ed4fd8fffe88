/** That the policy was loosened. Events are kept for ever, so nothing is certain about an old one. */
import { type EventData, fieldsIn, numberIn, textIn } from "../../domain/events/event-data.ts";
import { type Message, message, person } from "../message.ts";
import { commas, plural } from "./grammar.ts";

/** "Carla has loosened the policy: 2 approvals → 1 approval, team mode → solo mode." */
export const policyMessage = (by: string, data: EventData): Message => {
  const [before, after] = [fieldsIn(data, "before"), fieldsIn(data, "after")];
  const needed = (of: EventData): string => plural(numberIn(of, "approvalsNeeded") ?? 1, "approval");
  const changes = [
    ...(numberIn(after, "approvalsNeeded") === null ? [] : [`${needed(before)} → ${needed(after)}`]),
    ...(textIn(after, "mode") === "" ? [] : [`${textIn(before, "mode")} mode → ${textIn(after, "mode")} mode`]),
  ];
  return message`${person(by)} has loosened the policy: ${commas(changes)}.`;
};
