/** The local workspace for the rules of the Web API: its data is in the object's SQL. */
import type { Workspace } from "../../slack/workspace.ts";
import { asItIs, everybody } from "./accounts.ts";
import { chosenStates } from "./element-states.ts";
import { newName } from "./ids.ts";
import { isMember } from "./membership.ts";
import { deleteMessage, editMessage, findMessage, postMessage } from "./messages.ts";
import type { Slack } from "./slack.ts";
import { exchangeTrigger } from "./tickets.ts";
import { addView, closeModals, findView, findViewByExternalId, homeOf, openModals, replaceView } from "./views.ts";
import { channelIn, teamIn } from "./installation.ts";
import { app, directMessageOf, emailOf } from "./workspace.ts";

export const workspaceIn = (slack: Slack): Workspace => ({
  team: teamIn(slack),
  app,
  nowMs: slack.now,
  newName,
  people: () => everybody(slack),
  findPerson: (id) => {
    const person = slack.own.people.find((each) => each.id === id);
    return person ? asItIs(slack, person) : null;
  },
  emailOf,
  channels: () => slack.own.channels,
  findChannel: (id) => channelIn(slack, id),
  directMessageOf,
  isMember: (channelId) => isMember(slack, channelId),
  findMessage: (channel, ts) => findMessage(slack, channel, ts),
  post: (draft) => postMessage(slack, draft),
  edit: (message, text, blocks) => editMessage(slack, message, text, blocks),
  remove: (message) => deleteMessage(slack, message),
  findView: (id) => findView(slack, id),
  findViewByExternalId: (externalId) => findViewByExternalId(slack, externalId),
  openModals: (userId) => openModals(slack, userId),
  homeOf: (userId) => homeOf(slack, userId),
  addView: (userId, view, below) => addView(slack, userId, view, below),
  replaceView: (current, view) => replaceView(slack, current, view),
  closeModals: (userId) => closeModals(slack, userId),
  statesOf: ({ user, id, view }) => chosenStates(slack, user, id, view.blocks),
  exchangeTrigger: (id) => exchangeTrigger(slack, id),
});
