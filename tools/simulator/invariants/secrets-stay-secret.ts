import { secretOrAddress, secretText as secret } from "../world/secrets.ts";
import type { World } from "../world/world.ts";
import { workspaces } from "../world/workspaces.ts";
import type { Invariant } from "./invariant.ts";

/** Other stored data, and its readers. */
const keptTexts = ({ staging }: World): [where: string, text: string][] =>
  staging
    .rows<{ place: string; text: string }>(
      `SELECT 'a result' AS place, result AS text FROM idempotency_records WHERE result IS NOT NULL
       UNION ALL SELECT 'the outbox', payload FROM outbox
       UNION ALL SELECT 'a dead letter', body FROM dead_letters
       UNION ALL SELECT 'a reply of the API', reply FROM api_replies WHERE reply IS NOT NULL`,
    )
    .map(({ place, text }) => [place, text]);

/** A webhook's secret appears only in the message to the admin who requested it, and a token in that to its maker. */
const mayBeShown = ({ staging }: World, workspaceId: string, userId: string): RegExp[] => {
  const isAdmin =
    workspaces.some(({ id, people }) => id === workspaceId && people[0]?.userId === userId) ||
    staging.rows(
      `SELECT 1 FROM job_events WHERE workspace_id = ?1 AND type = 'member.role_set'
         AND data ->> '$.userId' = ?2 AND data ->> '$.role' = 'admin'`,
      workspaceId,
      userId,
    ).length > 0;
  const hasMade =
    staging.rows(
      "SELECT 1 FROM job_events WHERE workspace_id = ?1 AND type = 'token.created' AND actor_id = ?2",
      workspaceId,
      userId,
    ).length > 0;
  return [...(isAdmin ? [/whsec_/g] : []), ...(hasMade ? [/cvops_/g] : [])];
};

/** Never in the text of the notification. */
const shownTo = (world: World): string[] =>
  world.slack.privateMessages.flatMap(({ workspaceId, userId, text, blocks }) => {
    const shown = mayBeShown(world, workspaceId, userId).reduce(
      (left, allowed) => left.replaceAll(allowed, ""),
      JSON.stringify(blocks),
    );
    return [
      ...(secret.test(text) ? [`the notification "${text}" shows a secret`] : []),
      ...(secret.test(shown) ? [`${userId} was shown a secret`] : []),
    ];
  });

export const secretsStaySecret: Invariant = {
  number: 14,
  words: "no event, log line, message to another user or stored row contains a secret",
  afterTransaction: ({ events }) =>
    events
      .filter(({ data }) => secretOrAddress.test(data))
      .map(({ type }) => `${type} contains a secret or an address`),
  atRest: ({ world }) => {
    const { slack, runtime } = world;
    const public_ = [
      ...slack.shown.map(({ text, blocks }) => text + JSON.stringify(blocks)),
      ...[...slack.views.homes.values(), ...slack.views.contents].map((shown) => JSON.stringify(shown)),
    ];
    return [
      ...runtime.leaks.map((line) => `the log says ${line}`),
      ...public_.filter((text) => secret.test(text)).map((text) => `Slack shows a secret: ${text.slice(0, 100)}`),
      ...keptTexts(world)
        .filter(([, text]) => secret.test(text))
        .map(([where]) => `${where} holds a secret`),
      ...shownTo(world),
    ];
  },
};
