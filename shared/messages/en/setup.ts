/** What leads through the setting up of a new workspace. */
import { plural } from "./grammar.ts";

export const setupTexts = {
  title: "Set CV Ops up",
  lead: "Each step may wait: everything else works meanwhile. `/cv setup` shows this again.",
  doneTitle: "CV Ops is set up",
  doneLead: "Stage a first change: its card shows who has to approve it, and where it is pushed.",
  people: (admins: string): string =>
    `*Who may do what*\nAdmin: ${admins}. Everybody else may look until they get a role.`,
  solo: "*Team or solo*\nSolo: authors with the role of approver may approve their own commits, after a confirmation.",
  team: (approvals: number, approvers: string): string =>
    `*Team or solo*\nTeam: a commit needs ${plural(approvals, "approval")}, never the author's own. May approve: ${approvers}.`,
  approversMissing: (missing: number): string =>
    `${missing === 1 ? "A second person is" : `${missing} more people are`} missing: in team mode nobody approves their own commit. Give somebody the role of approver, or work solo.`,
  channel: (channel: string): string =>
    `*Channel*\nCards go to ${channel}. The app posts only where it was invited: type \`/invite @cv-ops\` there.`,
  noChannel: "*Channel*\nCards go to the channel in which a command is used. Choose one that has all of them.",
  targets: (names: string): string => `*Targets*\nPushes go to ${names}, in this order.`,
  noTargets:
    "*Targets*\nA target is the service that gets the portfolio. Have its address and its three secrets at hand.",
  base: "*What is there*\nThe rows that a target has are the base of the history: nothing is copied. Look at them once.",
  roles: "Give a role…",
  workSolo: "Work solo",
  settings: "Settings…",
  chooseChannel: "Choose a channel…",
  addTarget: "Add a target…",
  allTargets: "Targets",
  look: "Look at the rows",
  stage: "Stage a change…",
  waits: (admins: string): string => `It is for admins: ${admins}.`,
} as const;
