import type { Role } from "../../../shared/domain/roles.ts";
import type { Reply } from "./command.ts";
import { helpOf } from "./help.ts";
import { commands } from "./table.ts";

/** What somebody is told who speaks to the app, or opens its messages for the first time. */
export const helpReply = (role: Role): Reply => helpOf(role, commands);
