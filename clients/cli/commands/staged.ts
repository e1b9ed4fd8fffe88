import { plural } from "../../../shared/messages/en/grammar.ts";
import { numberFrom, noMore } from "../arguments.ts";
import { type Command, exit } from "../command.ts";
import { changeLine, diffLines } from "../lines.ts";

export const staged: Command = {
  name: "staged",
  usage: "",
  summary: "Lists what is staged, by everybody.",
  examples: ["cv staged", "cv staged --mine"],
  options: [{ name: "mine", summary: "only what you have staged" }],
  run: async ({ client, args, out, named }) => {
    noMore(args.words, 0);
    const author = args.options["mine"] === undefined ? {} : { author: (await client.whoAmI()).userId };
    out.show(await named(await client.listStaged(author)), ({ changes }) =>
      changes.length === 0 ? ["Nothing is staged."] : changes.map(changeLine),
    );
    return exit.done;
  },
};

export const unstage: Command = {
  name: "unstage",
  usage: "<number>…|all",
  summary: "Takes staged changes back. `all` is everything that you have staged.",
  examples: ["cv unstage 3", "cv unstage 3 4", "cv unstage all"],
  options: [],
  run: async ({ client, args, out }) => {
    const numbers =
      args.words[0] === "all" && args.words.length === 1
        ? (await client.listStaged({ author: (await client.whoAmI()).userId })).changes.map(({ number }) => number)
        : (args.words.length === 0 ? [undefined] : args.words).map((word) => numberFrom(word, "a staged change"));
    const changes = [];
    for (const number of numbers) changes.push(await client.unstage({ number }));
    out.show({ changes }, (discarded) =>
      discarded.changes.length === 0
        ? ["Nothing of yours is staged."]
        : discarded.changes.map(({ number, summary }) => `Took back change ${number}: ${summary}`),
    );
    return exit.done;
  },
};

export const diff: Command = {
  name: "diff",
  usage: "[commit]",
  summary: "Shows what is staged, or what a commit does, field by field.",
  examples: ["cv diff", "cv diff 42"],
  options: [],
  run: async ({ client, args, out }) => {
    noMore(args.words, 1);
    const number = args.words.length > 0 ? numberFrom(args.words[0], "a commit") : null;
    const { changes } = number === null ? await client.listStaged() : await client.showCommit({ number });
    out.show({ changes }, (shown) =>
      shown.changes.length === 0
        ? ["Nothing is staged."]
        : [...shown.changes.flatMap((change) => diffLines(change, out.paint)), plural(shown.changes.length, "change")],
    );
    return exit.done;
  },
};
