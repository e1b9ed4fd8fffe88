import { closest } from "../../../shared/domain/closest.ts";
import { answer } from "../core/reply.ts";
import { roles as roleNames } from "../../../shared/domain/workspace/roles.ts";
import { anyOf } from "../../../shared/messages/en/grammar.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { eraseDataOf, exportPerson } from "../../../shared/use-cases/workspace/personal-data.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { eraseQuestion, erasedReply, exportedReply } from "./personal-data-reply.ts";
import { roleView } from "./role-modal.ts";
import { code } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";
import { rolesGivenReply, listReply } from "./roles-reply.ts";

export const roles: Command = {
  name: "roles",
  namesIds: true,
  usage: `[give | @person… ${roleNames.join("|")} | export|erase @person]`,
  summary: "Lists who may do what; admins give people a role, and export or erase what is stored of a person.",
  examples: ["/cv roles", "/cv roles give", "/cv roles @blake approver", "/cv roles export @blake"],
  options: [{ name: "confirm" }],
  permission: "read",
  run: async ({ ctx, args }) => {
    const words = args.positionals;
    const [first] = words;
    const people = words.flatMap((word) => personOf(word) ?? []);
    if (first === undefined) return answer(listRoles(ctx), listReply);
    if (first.toLowerCase() === "give") {
      return answer(listRoles(ctx), (list) => (list.mayChange ? roleView(people, null) : listReply(list)));
    }
    const [person, another] = people;
    const verb = first.toLowerCase();
    if (verb === "export" || verb === "erase") {
      const [, typed] = words;
      if (person === undefined && typed !== undefined) return notAPerson(typed);
      if (person === undefined || another !== undefined) return usageOf(roles, "Say whose data: one person.");
      if (verb === "export") return answer(exportPerson(ctx, person), exportedReply);
      return !args.switches.includes("confirm") ? eraseQuestion(person) : answer(eraseDataOf(ctx, person), erasedReply);
    }
    const role = roleNames.find((name) => words.some((word) => word.toLowerCase() === name));
    const stranger = words.find((word) => word.toLowerCase() !== role && personOf(word) === null);
    if (stranger !== undefined) {
      const near = role ? null : closest(stranger, roleNames);
      if (near) return usageOf(roles, `${code(stranger, 40)} is not a role. Did you mean \`${near}\`?`);
      return notAPerson(stranger);
    }
    if (!role) return usageOf(roles, `Say which role: ${plainText(anyOf(roleNames))}.`);
    if (people.length === 0) return usageOf(roles, "Say who gets the role.");
    return answer(setRole(ctx, { userIds: people, role }), rolesGivenReply);
  },
};
