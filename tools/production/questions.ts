/** Questions on the terminal. Answers may also come from a pipe, a line each. */
import { type Interface, createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

export interface Question {
  text: string;
  /** Why it is asked, and where the answer is found. */
  why: string;
  /** What an empty line means; none: it has to be answered. */
  preset?: string;
  isSecret?: boolean;
  /** Null where the answer will do, or what is wrong with it. */
  problem: (answer: string) => string | null;
}

/** What is wrong with an answer that is none of these. */
export const oneOf =
  (choices: readonly string[]) =>
  (answer: string): string | null =>
    choices.includes(answer) ? null : `One of ${choices.join(", ")}.`;

export interface Questions {
  ask: (question: Question) => Promise<string>;
  close: () => void;
}

/** What is typed is not shown while `isHidden`. */
const createOutput = (): { stream: Writable; hide: (isHidden: boolean) => void } => {
  let hidden = false;
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) process.stdout.write(chunk);
      done();
    },
  });
  return { stream, hide: (isHidden) => (hidden = isHidden) };
};

const nextLine = async (lines: AsyncIterator<string>): Promise<string> => {
  const { value, done } = await lines.next();
  if (done === true) throw new Error("The answers have ended before the questions: nothing more was changed");
  return value;
};

export const createQuestions = (print: (line: string) => void): Questions => {
  const output = createOutput();
  let reader: { readline: Interface; lines: AsyncIterator<string> } | null = null;
  const linesOf = (): AsyncIterator<string> => {
    if (reader === null) {
      const readline = createInterface({
        input: process.stdin,
        output: output.stream,
        terminal: process.stdin.isTTY,
      });
      reader = { readline, lines: readline[Symbol.asyncIterator]() };
    }
    return reader.lines;
  };
  return {
    ask: async ({ text, why, preset, isSecret = false, problem }) => {
      print(`\n${why}`);
      const lines = linesOf();
      for (;;) {
        process.stdout.write(`${text}${preset === undefined ? "" : ` [${preset}]`}: `);
        output.hide(isSecret);
        const typed = (await nextLine(lines)).trim();
        output.hide(false);
        if (isSecret || !process.stdin.isTTY) print("");
        const answer = typed === "" ? (preset ?? "") : typed;
        const wrong = answer === "" ? "An answer is needed." : problem(answer);
        if (wrong === null) return answer;
        print(wrong);
      }
    },
    close: () => reader?.readline.close(),
  };
};
