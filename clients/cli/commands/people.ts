import { closest } from "../../../shared/domain/closest.ts";
import { roles as roleNames } from "../../../shared/domain/workspace/roles.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { WrongUsage } from "../arguments.ts";
import { personFrom } from "../by-name.ts";
import type { Command } from "../command.ts";
import { linesOf } from "../lines.ts";

export const roles: Command = {
  name: "roles",
  usage: `[<person> ${roleNames.join("|")} | export <person> | erase <person> --confirm]`,
  summary: "Lists who may do what; gives a person a role; exports or erases what is stored of them.",
  examples: ["cv roles", "cv roles priya approver", 'cv roles "Viktor Hale" editor', "cv roles export priya"],
  options: [{ name: "confirm", summary: "erases: it cannot be taken back" }],
  maxWords: Number.POSITIVE_INFINITY,
  run: async ({ client, args, out, named }) => {
    if (args.words.length === 0) {
      out.show(await named(await client.listRoles()), ({ members }) =>
        linesOf(members, ({ userId, role }) => `${role.padEnd(8)}  ${userId}`, "Nobody has a role yet."),
      );
      return;
    }
    const [word = "", ...others] = args.words;
    if (word === "export" && others.length > 0) {
      const exported = await client.exportPerson({ userId: await personFrom(client, others.join(" ")) });
      out.show(exported, (shown) => [JSON.stringify(shown, null, 2)]);
      return;
    }
    if (word === "erase" && others.length > 0) {
      const erased = await personFrom(client, others.join(" "));
      if (args.options["confirm"] === undefined)
        throw new WrongUsage("It cannot be taken back: export what they ask for first, and add --confirm.");
      out.show(await client.erasePerson({ userId: erased }), ({ pseudonym }) => [
        `Erased. The history has ${pseudonym} in place of their id.`,
      ]);
      return;
    }
    const typed = args.words.at(-1) ?? "";
    const role = roleNames.find((each) => each === typed.toLowerCase());
    const person = args.words.slice(0, -1).join(" ");
    if (!role) {
      const near = closest(typed, roleNames);
      throw new WrongUsage(
        near ? `"${typed}" is not a role. Did you mean ${near}?` : `Say which role: ${roleNames.join(", ")}.`,
      );
    }
    if (person === "") throw new WrongUsage("Say who gets the role.");
    const userId = await personFrom(client, person);
    out.show(await named(await client.setRole({ userId }, { role })), (set) => [
      `${set.userId} is ${set.role} now.`,
      ...(set.meta.isTeamNow ? ["Solo mode has ended: it is for one approver."] : []),
      ...(set.meta.approved.length > 0 ? [`${plural(set.meta.approved.length, "commit")} became approved by it.`] : []),
      ...(set.meta.returned.length > 0 ? [`${plural(set.meta.returned.length, "commit")} went back to review.`] : []),
    ]);
  },
};
