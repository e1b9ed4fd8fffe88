import { Fragment, type ReactNode, createElement } from "react";
import { type Medium, type Message, render } from "../../../shared/messages/message.ts";
import { Person } from "./person.tsx";
import { Time } from "./time.tsx";

const medium: Medium<ReactNode> = {
  text: (text) => text,
  code: (text) => <code>{text}</code>,
  strong: (content) => createElement("strong", null, ...content),
  person: (userId) => <Person id={userId} />,
  channel: (channelId) => channelId,
  moment: (at) => <Time at={at} />,
  list: (lines) => createElement("ul", null, ...lines.map((line) => createElement("li", null, ...line))),
  step: () => null,
};

/** A message of the catalogue, with the names of people and times that can be read. */
export const MessageText = ({ message }: { message: Message }): ReactNode =>
  createElement(Fragment, null, ...render(message, medium));
