/** Bolt's HTTP receivers match custom routes with path-to-regexp; a Worker's routes are Hono's. */
export const match = (): never => {
  throw new Error("path-to-regexp is not part of this Worker");
};
