import { closest } from "../../../shared/domain/closest.ts";
import { answer } from "../core/reply.ts";
import { roles as roleNames } from "../../../shared/domain/workspace/roles.ts";
import { anyOf } from "../../../shared/messages/en/grammar.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { roleView } from "./role-modal.ts";
import { code } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";
import { rolesGivenReply, listReply } from "./roles-reply.ts";

export const roles: Command = {
  name: "roles",
  namesIds: true,
  usage: `[give | @person… ${roleNames.join("|")}]`,
  summary: "Lists who may do what; admins give people a role.",
  examples: ["/cv roles", "/cv roles give", "/cv roles @blake approver"],
  permission: "read",
  run: async ({ ctx, args }) => {
    const words = args.positionals;
    const [first] = words;
    const people = words.flatMap((word) => personOf(word) ?? []);
    if (first === undefined) return answer(listRoles(ctx), listReply);
    if (first.toLowerCase() === "give") {
      return answer(listRoles(ctx), (list) => (list.mayChange ? roleView(people, null) : listReply(list)));
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
