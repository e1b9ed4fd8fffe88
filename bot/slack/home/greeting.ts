import type { Role } from "../../../shared/domain/workspace/roles.ts";
import type { Reply } from "../core/reply.ts";
import { helpOf } from "./help-command.ts";
import { commands } from "../commands.ts";

/** What somebody is told who speaks to the app, or opens its messages for the first time. */
export const helpReply = (role: Role): Reply => helpOf(role, commands);
