/** The product's globals: esbuild injects these in place of the globals of the same names. */
interface Surroundings {
  AbortSignal: unknown;
  Date: unknown;
  Request: unknown;
  clearTimeout: unknown;
  console: unknown;
  crypto: unknown;
  fetch: unknown;
  random: unknown;
  setTimeout: unknown;
}

const surroundings = (globalThis as unknown as Record<symbol, Surroundings>)[Symbol.for("cv-ops.simulator")];
if (!surroundings) throw new Error("The simulator must be there before the product is loaded");

const { Date, setTimeout, clearTimeout, crypto, fetch, AbortSignal, Request, console, random } = surroundings;
export { AbortSignal, Date, Request, clearTimeout, console, crypto, fetch, random as simulatedRandom, setTimeout };
