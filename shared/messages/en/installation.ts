/** What people read in a browser while they install the Slack app. */
interface Page {
  title: string;
  text: string;
  /** Of the button. */
  action: string;
}

export const installationPages = {
  installed: {
    title: "CV Ops is installed",
    text: "You are its admin, unless there is one already. CV Ops has sent you a message in Slack, which leads through the setup.",
    action: "Open Slack",
  },
  installedForOrganisation: {
    title: "CV Ops is installed for your organisation",
    text: "Type /cv setup in a workspace that has it: you are its admin there, unless there is one already. Each workspace has its own people, targets and history.",
    action: "Open Slack",
  },
  denied: {
    title: "Nothing was installed",
    text: "Slack says that the installation was cancelled. Where an admin of Slack has to allow apps, ask them first.",
    action: "Try again",
  },
  state: {
    title: "This link is used or expired",
    text: "An installation has to be finished within ten minutes, once, in the browser in which it was begun.",
    action: "Begin again",
  },
  failed: {
    title: "Slack did not confirm the installation",
    text: "Nothing was installed. A code of Slack is good once and for ten minutes, so begin again.",
    action: "Begin again",
  },
} as const satisfies Record<string, Page>;

export type InstallationPage = keyof typeof installationPages;
