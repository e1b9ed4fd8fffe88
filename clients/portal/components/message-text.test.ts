import { type ReactNode, isValidElement } from "react";
import { expect, test } from "vitest";
import { eventsSaying } from "../../../test/support/messages/events.ts";
import { eventMessage } from "../../../shared/messages/en/events.ts";
import type { Message } from "../../../shared/messages/message.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { MessageText } from "./message-text.tsx";

const textOf = (node: ReactNode): string => {
  if (Array.isArray(node)) return node.map(textOf).join("");
  if (!isValidElement<{ children?: ReactNode; id?: string; at?: string }>(node))
    return typeof node === "string" ? node : "";
  const { children, id, at } = node.props;
  return id ?? at ?? textOf(children);
};

const messages: Message[] = eventsSaying("some text").map(eventMessage);

test.each(messages.map((message) => [plainText(message), message]))(
  "the portal shows the message %s",
  (text, message) => {
    expect(textOf(MessageText({ message }))).toBe(text);
  },
);
