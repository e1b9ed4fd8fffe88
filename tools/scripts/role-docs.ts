/** Lists the roles in docs/explanation/domain.md with what each may do. */
import { permissionMessages } from "../../shared/messages/en/permissions.ts";
import { permissionNames, permissions, roles } from "../../shared/domain/workspace/roles.ts";
import { writeGeneratedPart } from "./generated-file.ts";

const rows = roles.map((role) => {
  const added = permissionNames.filter((permission) => permissions[permission].role === role);
  return `| ${role} | ${added.map((permission) => permissionMessages[permission]).join(", ")} |`;
});

const table = ["| role | may do, besides what the roles before it may |", "|---|---|", ...rows].join("\n");

writeGeneratedPart("docs/explanation/domain.md", "roles", table, "npm run docs");
