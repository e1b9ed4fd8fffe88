/** Who did what and who saw what, with the time since the first of it. */
import type { Message } from "../client-protocol.ts";
import { renderMessage } from "./render-message.ts";

export interface Did {
  kind: "did";
  atMs: number;
  who: string;
  what: string;
  /** How long the bot took to acknowledge, milliseconds; null while it has not. */
  ackMs: number | null;
}

export interface Saw {
  kind: "saw";
  atMs: number;
  /** The only person who sees it, or null for everyone in the channel. */
  only: string | null;
  /** A message that is new, a reply in a thread, or what an edit changed. */
  change: "message" | "reply" | "edit";
  lines: string[];
}

export type Entry = Did | Saw;

export interface Transcript {
  entries: Entry[];
  did: (who: string, what: string) => Did;
  /** Called for every person who sees the event; it is written down once. */
  saw: (sequence: number, by: string, message: Message, before: Message | undefined) => void;
  /** Pairs of reader and person whose private message the reader was shown. Empty, unless something is wrong. */
  overheard: { by: string; meantFor: string }[];
}

export const createTranscript = (nameOf: (userId: string) => string): Transcript => {
  let startedMs: number | undefined;
  const sinceStart = (): number => {
    startedMs ??= performance.now();
    return Math.round(performance.now() - startedMs);
  };
  const entries: Entry[] = [];
  const overheard: Transcript["overheard"] = [];
  const known = new Set<number>();

  return {
    entries,
    overheard,
    did: (who, what) => {
      const entry: Did = { kind: "did", atMs: sinceStart(), who, what, ackMs: null };
      entries.push(entry);
      return entry;
    },
    saw: (sequence, by, message, before) => {
      const only = message.ephemeral_for === null ? null : nameOf(message.ephemeral_for);
      if (only !== null && only !== by) overheard.push({ by, meantFor: only });
      if (known.has(sequence)) return;
      known.add(sequence);
      const lines = renderMessage(message, nameOf);
      const shown = before ? renderMessage(before, nameOf) : [];
      const changed = lines.filter((line) => !shown.includes(line));
      if (before && changed.length === 0) return;
      const change = before
        ? "edit"
        : message.thread_ts !== null && message.thread_ts !== message.ts
          ? "reply"
          : "message";
      entries.push({ kind: "saw", atMs: sinceStart(), only, change, lines: changed });
    },
  };
};

const width = 100;
const margin = " ".repeat(10);

/** An entry as it is printed: the time, who, and what, quoted line by line. */
export const printEntry = (entry: Entry): string => {
  const time = `${(entry.atMs / 1000).toFixed(2)} s`.padStart(8);
  if (entry.kind === "did") {
    const ack = entry.ackMs === null ? "no ack" : `ack ${Math.round(entry.ackMs)} ms`;
    const what = `${time}  ${entry.who} ▸ ${entry.what}`;
    return `\n${what.padEnd(width - ack.length - 1)} ${ack}`;
  }
  const where = { message: "", reply: ", in the thread", edit: ", edited" }[entry.change];
  const heading = `${time}  ${entry.only === null ? "Everyone sees" : `Only ${entry.only} sees`}${where}`;
  return [heading, ...entry.lines.flatMap(wrap).map((line) => `${margin}│ ${line}`)].join("\n");
};

/** Breaks at spaces; a continued line is indented a little. */
const wrap = (line: string): string[] => {
  const room = width - margin.length - 2;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > room) {
    const space = rest.lastIndexOf(" ", room);
    const at = space > 2 ? space : room;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `  ${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest];
};
