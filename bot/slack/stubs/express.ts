/** Bolt's ExpressReceiver imports express at module scope; a Worker has its own receiver. */
const refuse = (): never => {
  throw new Error("express is not part of this Worker");
};
export default Object.assign(refuse, { Router: refuse, urlencoded: refuse, json: refuse });
export const Router = refuse;
