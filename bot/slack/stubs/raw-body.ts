/** Bolt's HTTP receivers read Node streams with raw-body; a Worker reads the Request. */
export default (): never => {
  throw new Error("raw-body is not part of this Worker");
};
