/** The app's three tabs as places: its messages are at the id of the direct messages, as permalinks have it. */
export type AppTab = "home" | "messages" | "about";

export const appTabs: readonly { tab: AppTab; title: string }[] = [
  { tab: "home", title: "Home" },
  { tab: "messages", title: "Messages" },
  { tab: "about", title: "About" },
];

export const appTabOf = (at: string, directId: string | undefined): AppTab | null => {
  if (at === "home" || at === "about") return at;
  return at !== "" && at === directId ? "messages" : null;
};

export const isAppPlace = (at: string, directId: string | undefined): boolean => appTabOf(at, directId) !== null;
