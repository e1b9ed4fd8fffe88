/** The Bolt app: which kind of Slack payload goes to which listener. */
import { App, LogLevel } from "@slack/bolt";
import type { Deps } from "../env.ts";
import { listenToActions } from "./actions/listener.ts";
import { listenToCommands } from "./commands/listener.ts";
import { listenToEvents } from "./events/listener.ts";
import { listenToModals } from "./modals/listener.ts";
import { listenToOptions } from "./options/listener.ts";
import { teamOf } from "./payload.ts";
import { WorkerReceiver } from "./receiver.ts";
import type { WorkerContext } from "./request.ts";
import { listenToShortcuts } from "./shortcuts/listener.ts";
import { webClientOptions } from "./web-client.ts";

export const createSlackApp = (deps: Deps): { app: App<WorkerContext>; receiver: WorkerReceiver } => {
  const receiver = new WorkerReceiver();
  const app = new App<WorkerContext>({
    receiver,
    // Bolt would ask for the first of an event's authorizations; the listeners act for the workspace that the payload comes from.
    authorize: async (_source, body) => {
      const botToken = deps.installation(teamOf({ ...body }))?.botToken;
      if (!botToken) throw new Error("The app is not installed in this workspace");
      return { botToken };
    },
    clientOptions: webClientOptions(deps.slack.apiUrl),
    convoStore: false,
    ignoreSelf: false,
    logLevel: LogLevel.ERROR,
  });
  // Whoever has processed the event logs it, as one line.
  app.error(async (error) => {
    throw error;
  });
  listenToCommands(app);
  listenToActions(app);
  listenToModals(app);
  listenToOptions(app);
  listenToShortcuts(app);
  listenToEvents(app);
  return { app, receiver };
};
