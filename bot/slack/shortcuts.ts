/** All shortcuts, as Slack's menus show them. The manifest comes from this table. */

export interface Shortcut {
  callbackId: string;
  /** `global`: in the composer and in search. `message`: in the menu of a message. */
  type: "global" | "message";
  /** At most 24 characters (docs.slack.dev, "App manifest reference"). */
  name: string;
  /** At most 150 characters. */
  description: string;
}

export const shortcuts = [
  {
    callbackId: "stage_change",
    type: "global",
    name: "CV: stage a change",
    description: "Opens the form in which a change to the portfolio is staged",
  },
  {
    callbackId: "stage_message",
    type: "message",
    name: "Stage as CV change",
    description: "Stages a change to the portfolio, with this message as its source",
  },
] as const satisfies readonly Shortcut[];
