/** The browser's connection to live events, which a test can cut and restore. */
import type { Page, WebSocketRoute } from "playwright-core";

export const cable = async (page: Page) => {
  let isCut: "everything" | "events" | null = null;
  const sockets = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/v2\/ws/, (socket) => {
    if (isCut !== null) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    sockets.add(socket);
  });
  await page.route(/\/v2\/(stream|events|activity)/, (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    // The portal follows the whole workspace; a commit's events are its history.
    const isRead = pathname === "/v2/activity" || searchParams.has("commit");
    return isCut === null || (isCut === "events" && isRead) ? route.fallback() : route.abort();
  });
  await page.reload();
  await page.getByTestId("connection").getByText("Live").waitFor();
  return {
    /** With `events`, cuts only live delivery: recorded events can still be read. */
    cut: async (what: "everything" | "events" = "everything") => {
      isCut = what;
      await Promise.all([...sockets].map((socket) => socket.close()));
    },
    restore: () => {
      isCut = null;
    },
  };
};
