/** The workspace of pushes that prove a deployment; Slack gives no id like it. */
export const smokeWorkspace = "smoke";
/** Its portfolio, at each target. */
export const smokePortfolio = "smoke";
