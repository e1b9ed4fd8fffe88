import { hasPassed } from "../../../shared/domain/commits/checks.ts";
import { apiCheckMessage } from "../../../shared/messages/api-check.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { commitFrom } from "../arguments.ts";
import { type Command, exit } from "../command.ts";
import { moment } from "../lines.ts";
import type { Colour } from "../output.ts";

const marks = { open: "ok", note: "ok", blocked: "no", unknown: "?" } as const;
const colours: Record<keyof typeof marks, Colour> = {
  open: "green",
  note: "yellow",
  blocked: "red",
  unknown: "yellow",
};

export const why: Command = {
  name: "why",
  usage: "<commit>",
  summary: "Says what stands between a commit and its push. Fails when something does.",
  examples: ["cv why 42"],
  maxWords: 1,
  run: async ({ client, args, out, named }) => {
    const explained = await client.explainPush({ number: commitFrom(args) });
    out.show(await named(explained), ({ checks }) =>
      checks.map((check) => {
        const lines = plainText(apiCheckMessage(check), { moment }).trimEnd().split("\n");
        return `${out.paint(colours[check.state], marks[check.state].padEnd(2))}  ${lines.join("\n    ")}`;
      }),
    );
    return explained.checks.every(hasPassed) ? exit.done : exit.refused;
  },
};
