/** What a push waited for between two events. */
import type { Awaited } from "../../domain/pushes/timeline.ts";
import { type Message, message, quoted } from "../message.ts";
import { duration } from "./times.ts";

const awaited = (by: Awaited): Message => {
  switch (by.who) {
    case "target":
      return quoted(by.target, 80);
    case "person":
      return ["a person"];
    case "us":
      return ["the queue"];
  }
};

/** "waited 3.2 s for d1cv" */
export const waitedMessage = ({ ms, for: by }: { ms: number; for: Awaited }): Message =>
  message`waited ${duration(ms)} for ${awaited(by)}`;
