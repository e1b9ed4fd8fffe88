import { closest } from "../../../shared/domain/closest.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import { type Role, permissionNames, permissions, roles as roleNames } from "../../../shared/domain/workspace/roles.ts";
import { type RolesList, listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { type RolesSet, setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions, context, header, listSections } from "../blocks/blocks.ts";
import { roleView } from "./role-modal.ts";
import { permissionWords } from "../../../shared/domain/workspace/permission-messages.ts";
import { anyOf, mention, plural, quoted } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { notAPerson, personOf } from "../core/commands/person.ts";

export const roles: Command = {
  name: "roles",
  usage: "[give | @person… viewer|editor|approver|admin]",
  summary: "Lists who may what; admins give people a role.",
  examples: ["/cv roles", "/cv roles give", "/cv roles @blake approver"],
  role: "viewer",
  options: [],
  run: async ({ ctx, args, announce, openModal }) => {
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
    if (!role) return usageOf(roles, "Say which role: viewer, editor, approver or admin.");
    if (userIds.length === 0) return usageOf(roles, "Say who gets the role.");
    const set = await setRole(ctx, { userIds, role });
    if (!set.ok) return refuse(set.reason);
    announce(ctx.workspaceId);
    return rolesGivenReply(set.value);
  },
};

const article = (role: Role): string => `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`;

export const rolesGivenReply = ({ changed, approvalsNeeded, mayApprove }: RolesSet): Reply => {
  if (changed.length === 0) return say("They have this role already. `/cv roles` lists who may what.");
  const lines = changed.map(
    ({ userId, role, before }) => `${mention(userId)} is ${article(role)} now, and was ${article(before)}.`,
  );
  const short =
    mayApprove.length < approvalsNeeded
      ? `:warning: ${mayApprove.length === 1 ? "1 person" : `${mayApprove.length} people`} may approve now (${anyOf(mayApprove)}), and a commit needs ${plural(approvalsNeeded, "approval")}: none can be approved until there are more.`
      : "";
  return say([...lines, short].filter((line) => line !== "").join("\n"));
};

/** "may also push, retry a push, …" */
const mayWords = (role: Role): string => {
  if (role === "viewer") return "may look at everything";
  const own = permissionNames.filter((permission) => permissions[permission].role === role);
  return `may also ${own.map((permission) => permissionWords[permission]).join(", ")}`;
};

const listReply = ({ members, mayChange }: RolesList): Reply => {
  const lines = roleNames.toReversed().map((role) => {
    const holders = members.filter((member) => member.role === role).map(({ userId }) => mention(userId));
    const who = role === "viewer" ? "everybody else" : holders.length > 0 ? holders.join(", ") : "nobody";
    return `*${role}*: ${who}\n${mayWords(role)}`;
  });
  return {
    text: `Roles: ${members.map(({ userId, role }) => `${mention(userId)} ${role}`).join(", ") || "nobody has one"}`,
    blocks: [
      header("Who may what"),
      ...listSections(lines, 8000),
      ...(mayChange ? [actions(commandButton("go", "Give a role…", "roles give"))] : []),
      context(
        mayChange
          ? "`/cv roles @person editor` gives a role, to several people at once if you name them; `viewer` takes it away"
          : "Each role may do what the one below it may. Admins give roles.",
      ),
    ],
    again: "roles",
  };
};
