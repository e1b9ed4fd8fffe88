/** The Bolt app: which kind of Slack payload goes to which listener. */
import { App, LogLevel } from "@slack/bolt";
import type { Deps } from "../env.ts";
import { listenToActions } from "./listeners/actions.ts";
import { listenToCommands } from "./listeners/commands.ts";
import { listenToEvents } from "./listeners/events.ts";
import { listenToModals } from "./listeners/modals.ts";
import { listenToOptions } from "./listeners/typeahead.ts";
import { workspaceOf } from "./core/origin.ts";
import { isLoss } from "./core/payload.ts";
import { WorkerReceiver } from "./core/receiver.ts";
import type { WorkerContext } from "./core/request.ts";
import { listenToShortcuts } from "./listeners/shortcuts.ts";
import { webClientOptions } from "./core/web-client.ts";

export const createSlackApp = (deps: Deps): { app: App<WorkerContext>; receiver: WorkerReceiver } => {
  const receiver = new WorkerReceiver();
  const app = new App<WorkerContext>({
    receiver,
    // Bolt would take an event's first authorization; the listeners act for the workspace of the payload.
    authorize: async (_source, body) => {
      const botToken = (await deps.installation(workspaceOf({ ...body })))?.botToken;
      // The end of an installation comes without one.
      if (!botToken && isLoss({ ...body })) return {};
      if (!botToken) throw new Error("The app is not installed in this workspace");
      return { botToken };
    },
    clientOptions: webClientOptions(deps.slack),
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
