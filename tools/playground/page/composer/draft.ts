/** The text in a composer: sending it, and walking back through what was sent before. */
import { useRef, useState } from "react";

const remembered = 50;

/** Lines sent from this page, newest last. */
const sentLines: string[] = [];

const remember = (line: string): void => {
  if (sentLines.at(-1) !== line) sentLines.push(line);
  sentLines.splice(0, sentLines.length - remembered);
};

export interface Draft {
  text: string;
  /** True while text of an earlier line is shown. */
  recalling: boolean;
  /** True while something sent has not been answered. */
  waiting: boolean;
  edit: (text: string) => void;
  /** Shows the line `step` further back (1) or forward (-1). */
  recall: (step: 1 | -1) => void;
  send: () => Promise<void>;
}

/** @param onSend resolves to false when it was not sent: the text comes back */
export const useDraft = (onSend: (text: string) => Promise<boolean>): Draft => {
  const [text, setText] = useState("");
  const [inFlight, setInFlight] = useState(0);
  const back = useRef(0);
  return {
    text,
    recalling: back.current > 0,
    waiting: inFlight > 0,
    edit: (next) => {
      back.current = 0;
      setText(next);
    },
    recall: (step) => {
      back.current = Math.max(0, Math.min(sentLines.length, back.current + step));
      setText(back.current === 0 ? "" : (sentLines.at(-back.current) ?? ""));
    },
    send: async () => {
      const line = text.trim();
      if (line === "") return;
      remember(line);
      back.current = 0;
      setText("");
      setInFlight((before) => before + 1);
      const sent = await onSend(line);
      setInFlight((before) => before - 1);
      if (!sent) setText((now) => (now === "" ? line : now));
    },
  };
};
