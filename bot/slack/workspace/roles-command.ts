import { closest } from "../../../shared/domain/closest.ts";
import { refuse } from "../core/reply.ts";
import { roles as roleNames } from "../../../shared/domain/workspace/roles.ts";
import { anyOf } from "../../../shared/messages/en/grammar.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { roleView } from "./role-modal.ts";
import { quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";
import { rolesGivenReply, listReply } from "./roles-reply.ts";

export const roles: Command = {
  name: "roles",
  usage: `[give | @person… ${roleNames.join("|")}]`,
  summary: "Lists who may what; admins give people a role.",
  examples: ["/cv roles", "/cv roles give", "/cv roles @blake approver"],
  permission: "read",
  options: [],
  run: async ({ ctx, args, openModal }) => {
    const words = args.positionals;
    const [first] = words;
    if (first === undefined || first.toLowerCase() === "give") {
      const listed = await listRoles(ctx);
      if (!listed.ok) return refuse(listed.reason);
      if (first === undefined || !listed.value.mayChange) return listReply(listed.value);
      await openModal(
        roleView(
          words.slice(1).flatMap((word) => personOf(word) ?? []),
          null,
        ),
      );
      return null;
    }
    const role = roleNames.find((name) => words.some((word) => word.toLowerCase() === name));
    const rest = words.filter((word) => word.toLowerCase() !== role);
    const stranger = rest.find((word) => personOf(word) === null);
    if (stranger !== undefined) {
      const near = role ? null : closest(stranger, roleNames);
      if (near) return usageOf(roles, `\`${quoted(stranger, 40)}\` is not a role. Did you mean \`${near}\`?`);
      return notAPerson(stranger);
    }
    const userIds = rest.flatMap((word) => personOf(word) ?? []);
    if (!role) return usageOf(roles, `Say which role: ${plainText(anyOf(roleNames))}.`);
    if (userIds.length === 0) return usageOf(roles, "Say who gets the role.");
    const set = await setRole(ctx, { userIds, role });
    if (!set.ok) return refuse(set.reason);
    return rolesGivenReply(set.value);
  },
};
