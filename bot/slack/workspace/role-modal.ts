import type { MultiUsersSelect } from "@slack/types";
import { type Role, roles } from "../../../shared/domain/workspace/roles.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { answer } from "../core/reply.ts";
import { rolesGivenReply } from "./roles-reply.ts";
import { input, option, select } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { listIn, textIn } from "../core/modals/values.ts";

/** What each role may, in a line that an option has space for. */
const roleLabels: Record<Role, string> = {
  viewer: "Viewer: looks at everything, changes nothing",
  editor: "Editor: stages changes and commits them",
  approver: "Approver: also approves, rejects and pushes",
  admin: "Admin: also changes settings and roles",
};

export const roleView = (userIds: readonly string[], role: Role | null) => {
  const people: MultiUsersSelect = {
    type: "multi_users_select",
    ...(userIds.length > 0 ? { initial_users: [...userIds] } : {}),
  };
  return formView({
    name: "role",
    title: "Give a role",
    submit: "Give",
    blocks: [
      input({ id: "people", label: "People" }, people),
      input(
        { id: "role", label: "Role", hint: "Each role may do what the one before it may." },
        select(
          roles.map((each) => option(roleLabels[each], each)),
          role,
        ),
      ),
    ],
  });
};

export const roleModal: Modal = {
  name: "role",
  submit: async ({ ctx, values }) => {
    const role = roles.find((each) => each === textIn(values, "role"));
    const userIds = listIn(values, "people");
    if (!role) return { errors: { role: "Choose a role." } };
    if (userIds.length === 0) return { errors: { people: "Choose at least one person." } };
    return answer(setRole(ctx, { userIds, role }), rolesGivenReply);
  },
};
