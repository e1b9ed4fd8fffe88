import { searchView } from "./search-modal.ts";
import type { Command } from "../core/commands/command.ts";
import { searchReply } from "./search-reply.ts";

export const search: Command = {
  name: "search",
  usage: '["words"]',
  summary: "Finds what the portfolio has on a subject, by meaning. Alone, it opens a form.",
  examples: ['/cv search "machine learning"', "/cv search Python"],
  permission: "read",
  run: async ({ ctx, args }) => {
    const fields = Object.entries(args.fields).map(([field, value]) => `${field}=${value}`);
    const query = [...args.positionals, ...fields].join(" ").trim();
    return query === "" ? searchView() : searchReply(ctx, query);
  },
};
