/** Who may what, and who was given a role. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import { type Reply, say } from "../core/reply.ts";
import { type Role, permissionNames, permissions, roles as roleNames } from "../../../shared/domain/workspace/roles.ts";
import type { RolesList } from "../../../shared/use-cases/workspace/list-roles.ts";
import type { RolesSet } from "../../../shared/use-cases/workspace/set-role.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, header, lines, listSections } from "../blocks/blocks.ts";
import { permissionMessages } from "../../../shared/messages/en/permissions.ts";
import { anyOf, mention } from "../blocks/text.ts";

const article = (role: Role): string => `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`;

export const rolesGivenReply = ({
  changed,
  approvalsNeeded,
  mayApprove,
  isTeamNow,
  approved,
  returned,
}: RolesSet): Reply => {
  if (changed.length === 0) return say("They have this role already. `/cv roles` lists who may do what.");
  const given = changed.map(
    ({ userId, role, before }) => `${mention(userId)} is ${article(role)} now, and was ${article(before)}.`,
  );
  const list = (numbers: readonly number[]): string => numbers.map((number) => `*#${number}*`).join(", ");
  return say(
    lines(
      given,
      isTeamNow && "The workspace is in team mode now: with a second approver, somebody else reviews each commit.",
      approved.length > 0 && `Approved by it, as they have enough approvals now: ${list(approved)}.`,
      returned.length > 0 && `In review again, as they need more approvals now: ${list(returned)}.`,
      mayApprove.length < approvalsNeeded &&
        `:warning: ${mayApprove.length === 1 ? "1 person" : `${mayApprove.length} people`} may approve now (${anyOf(mayApprove)}), and a commit needs ${plural(approvalsNeeded, "approval")}: none can be approved until there are more.`,
    ),
  );
};

/** "may also push, retry a push, …" */
const permissionText = (role: Role): string => {
  if (role === "viewer") return "may look at everything";
  const own = permissionNames.filter((permission) => permissions[permission].role === role);
  return `may also ${own.map((permission) => permissionMessages[permission]).join(", ")}`;
};

export const listReply = ({ members, mayChange }: RolesList): Reply => {
  const who = roleNames.toReversed().map((role) => {
    const holders = members.filter((member) => member.role === role).map(({ userId }) => mention(userId));
    const named = role === "viewer" ? "everybody else" : holders.length > 0 ? holders.join(", ") : "nobody";
    return `*${role}*: ${named}\n${permissionText(role)}`;
  });
  return {
    text: `Roles: ${members.map(({ userId, role }) => `${mention(userId)} ${role}`).join(", ") || "nobody has one"}`,
    blocks: blocksOf(
      header("Who may do what"),
      listSections(who, 8000),
      mayChange && actions(commandButton("go", "Give a role…", "roles give")),
      context(
        mayChange
          ? "`/cv roles @person editor` gives a role, to several people at once if you name them; `viewer` takes it away"
          : "Each role may do what the one below it may. Admins give roles.",
      ),
    ),
    again: "roles",
  };
};
