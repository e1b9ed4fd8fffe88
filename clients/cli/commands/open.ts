import { numberFrom } from "../arguments.ts";
import type { Command } from "../command.ts";

export const open: Command = {
  name: "open",
  usage: "[commit]",
  summary: "Opens the portal in a browser, or a commit in it, and prints the address.",
  examples: ["cv open", "cv open 42"],
  maxWords: 1,
  run: async ({ baseUrl, args, out, openBrowser }) => {
    const [typed] = args.words;
    const path = typed === undefined ? "/app" : `/app/commits/${numberFrom(typed, "a commit")}`;
    const { href: url } = new URL(path, baseUrl);
    out.show({ url }, () => [url]);
    if (out.isWatched) await openBrowser(url);
  },
};
