import { administrationHandlers } from "./administration.ts";
import { commitHandlers } from "./commits.ts";
import type { Handlers } from "./handler.ts";
import { loginHandlers } from "./logins.ts";
import { portfolioHandlers } from "./portfolio.ts";
import { pushHandlers } from "./pushes.ts";
import { stagingHandlers } from "./staging.ts";
import { targetHandlers } from "./targets.ts";
import { webhookHandlers } from "./webhooks.ts";
import { workspaceHandlers } from "./workspace.ts";

export const handlers: Handlers = {
  ...stagingHandlers,
  ...commitHandlers,
  ...pushHandlers,
  ...portfolioHandlers,
  ...workspaceHandlers,
  ...administrationHandlers,
  ...targetHandlers,
  ...loginHandlers,
  ...webhookHandlers,
};
