/** People of a workspace by what others call them: an e-mail address, or a name as Slack shows it. */
import * as z from "zod/mini";
import { type Named, byName } from "../../../shared/domain/by-name.ts";
import { log } from "../../../shared/log.ts";
import { type Result, fail, ok } from "../../../shared/result.ts";
import type { Person } from "../../../shared/storage/workspace/people.ts";
import { type DirectoryDeps, clientOf, lookUp, nameOf, userAnswer } from "./directory.ts";

const member = z.extend(userAnswer.shape.user, {
  profile: z.optional(z.object({ display_name: z.optional(z.string()) })),
});
type Member = z.infer<typeof member>;

const listAnswer = z.object({
  members: z.array(member),
  response_metadata: z.optional(z.object({ next_cursor: z.optional(z.string()) })),
});

/** As Slack recommends (docs.slack.dev/apis/web-api/pagination); together 2,000 members. */
const pageSize = 200;
const maxPages = 10;
/** Of each list. */
const maxFound = 10;

const addressShape = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

const namesOf = ({ name = "", real_name: realName = "", profile }: Member): string[] => [
  realName,
  profile?.display_name ?? "",
  name,
];

const personOf = (user: Member): Person => ({ userId: user.id, name: nameOf(user) });

export const findPeople = async (
  deps: DirectoryDeps,
  workspaceId: string,
  typed: string,
): Promise<Result<Named<Person>, { code: "unavailable" }>> => {
  const client = await clientOf(deps, workspaceId);
  if (!client) return fail({ code: "unavailable" });
  try {
    if (addressShape.test(typed)) {
      const user = await lookUp(client, typed);
      return ok({ found: user ? [personOf(user)] : [], near: [] });
    }
    const members: Member[] = [];
    let cursor = "";
    for (let page = 0; page < maxPages; page += 1) {
      const next = cursor === "" ? {} : { cursor };
      const answer = listAnswer.parse(await client.users.list({ limit: pageSize, ...next }));
      members.push(...answer.members);
      cursor = answer.response_metadata?.next_cursor ?? "";
      if (cursor === "") break;
    }
    // Slackbot is no bot by its own account.
    const people = members.filter(({ id, deleted, is_bot: isBot }) => !deleted && !isBot && id !== "USLACKBOT");
    const { found, near } = byName(people, typed.replace(/^@/, ""), namesOf);
    return ok({ found: found.slice(0, maxFound).map(personOf), near: near.slice(0, maxFound).map(personOf) });
  } catch (error) {
    log("directory.failed", { workspaceId, error: String(error) });
    return fail({ code: "unavailable" });
  }
};
