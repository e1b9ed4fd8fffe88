/** The client protocol's requests, checked and handed to what does them. Bodies are described in client-protocol.ts. */
import * as z from "zod/mini";
import type { ClientState } from "../client-protocol.ts";
import { everybody, isDeactivated, signedOut } from "./accounts.ts";
import { runCommand } from "./commands.ts";
import { notSent } from "./deliver.ts";
import { setAccount } from "./set-account.ts";
import { faultNames } from "../faults.ts";
import { listExchanges } from "./exchanges.ts";
import { activeFaults, endFaults, setFault } from "./faults.ts";
import { openHome, typeMessage, verifyUrl } from "./events-api.ts";
import { runAction, runMessageShortcut, runOptions, runShortcut } from "./interactions.ts";
import { isObject, parseUntrusted, stringOf } from "../../slack/json.ts";
import { messagesSeenBy } from "./messages.ts";
import type { Slack } from "./slack.ts";
import { lastSequence } from "./stream.ts";
import { dismissView, submitView } from "./submissions.ts";
import { homeOf, openModals, toOpenView } from "./views.ts";
import { channelsSeenBy, isInstalled, teamIn } from "./installation.ts";
import { uninstall } from "./uninstall.ts";
import { findActor, workspaces } from "./workspace.ts";

const text = z.string().check(z.maxLength(20_000));
const id = z.string().check(z.maxLength(255));
const container = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message"), channel: id, ts: id }),
  z.object({ type: z.literal("view"), viewId: id }),
]);
const element = { as: id, container, blockId: id, actionId: id };
const values = z.record(z.string(), z.record(z.string(), z.unknown()));

type Handler = (slack: Slack, origin: string, body: unknown) => Promise<unknown> | { badRequest: string };

/** A request whose body must have the shape of `schema`. */
const on =
  <Input>(
    schema: z.ZodMiniType<Input>,
    run: (slack: Slack, origin: string, input: Input) => Promise<unknown>,
  ): Handler =>
  (slack, origin, body) => {
    const parsed = schema.safeParse(body);
    return parsed.success ? run(slack, origin, parsed.data) : { badRequest: z.prettifyError(parsed.error) };
  };

const requests: Record<string, Handler> = {
  command: on(z.object({ as: id, channel: id, text }), runCommand),
  message: on(z.object({ as: id, channel: id, text, thread_ts: z.exactOptional(id) }), typeMessage),
  action: on(z.object({ ...element, value: z.exactOptional(z.union([text, z.array(text)])) }), runAction),
  options: on(z.object({ ...element, value: text }), runOptions),
  "view-submission": on(z.object({ as: id, viewId: id, values }), submitView),
  "view-close": on(z.object({ as: id, viewId: id }), dismissView),
  home: on(z.object({ as: id, tab: z.exactOptional(z.enum(["home", "messages"])) }), openHome),
  shortcut: on(z.object({ as: id, callbackId: id }), runShortcut),
  "message-shortcut": on(z.object({ as: id, callbackId: id, channel: id, ts: id }), runMessageShortcut),
  fault: on(z.object({ name: z.enum(faultNames), on: z.boolean() }), async (slack, _origin, input) => {
    const faults = setFault(slack, input);
    // It happens as it is asked for: nothing passes here that it could wait for.
    if (!input.on || input.name !== "queue.poison") return faults;
    await slack.sendPoison();
    return setFault(slack, { ...input, on: false });
  }),
  "faults-end": on(z.unknown(), (slack) => Promise.resolve(endFaults(slack))),
  account: on(z.object({ as: id, user: id, active: z.boolean() }), setAccount),
  uninstall: on(z.object({ as: id }), uninstall),
  "verify-url": on(z.unknown(), (slack, origin) => verifyUrl(slack, origin)),
};

const stateFor = (slack: Slack, userId: string): ClientState | null => {
  const me = findActor(userId);
  if (!me) return null;
  const deleted = isDeactivated(slack, userId);
  const home = deleted ? null : homeOf(slack, userId);
  return {
    team: teamIn(slack),
    installed: isInstalled(slack),
    workspaces: workspaces.map(({ team: { id, name }, people }) => ({ id, name, firstPerson: people[0]?.id ?? "" })),
    me: { ...me, deleted },
    people: everybody(slack),
    channels: channelsSeenBy(slack, userId),
    messages: deleted ? [] : messagesSeenBy(slack, userId),
    views: deleted ? [] : openModals(slack, userId).map(toOpenView),
    home: home ? toOpenView(home) : null,
    faults: activeFaults(slack),
    sequence: lastSequence(slack.sql),
  };
};

const problem = (status: number, error: string): Response => Response.json({ error }, { status });

/** `/playground/client/<name>`, apart from the socket, the reset and what is asked of the targets. */
export const handleClientRequest = async (slack: Slack, name: string, request: Request): Promise<Response> => {
  const url = new URL(request.url);
  if (request.method === "GET") {
    if (name === "exchanges") return Response.json({ exchanges: listExchanges(slack) });
    const state = name === "state" ? stateFor(slack, url.searchParams.get("as") ?? "") : undefined;
    if (state === null) return problem(404, "There is no such person.");
    return state ? Response.json(state) : problem(404, "There is no such page.");
  }
  const handler = Object.hasOwn(requests, name) ? requests[name] : undefined;
  if (!handler) return problem(404, "There is no such request.");
  if (request.method !== "POST") return problem(405, "Use POST.");
  const body = parseUntrusted((await request.text()) || "{}");
  // Whatever it is: Slack has signed them out.
  if (isObject(body) && isDeactivated(slack, stringOf(body["as"]))) return Response.json(notSent(signedOut));
  const answer = await handler(slack, url.origin, body);
  return isBadRequest(answer) ? problem(400, answer.badRequest) : Response.json(answer);
};

const isBadRequest = (answer: unknown): answer is { badRequest: string } =>
  typeof answer === "object" && answer !== null && "badRequest" in answer;
