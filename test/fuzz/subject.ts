/** A fuzzed property that holds for every input, and its share of the inputs. */
import fc from "fast-check";

export interface Subject {
  name: string;
  /** The share of the requested inputs; less than 1 where one input is a whole request against databases. */
  share: number;
  property: () => Property | Promise<Property>;
}

type Property = fc.IRawProperty<unknown>;

export interface FuzzOptions {
  /** For a subject whose share is 1. */
  inputs: number;
  seed: number;
  /** The position of the failure in the inputs of this seed, as in a report. */
  path?: string;
}

export interface FuzzReport {
  name: string;
  inputs: number;
  seed: number;
  milliseconds: number;
  /** Null when the property is true. */
  failure: { path: string; shrunk: string; error: string } | null;
}

export const fuzz = async (subject: Subject, { inputs, seed, path }: FuzzOptions): Promise<FuzzReport> => {
  const startedMs = performance.now();
  const found = await fc.check(await subject.property(), {
    numRuns: Math.max(1, Math.round(inputs * subject.share)),
    seed,
    ...(path === undefined ? {} : { path }),
  });
  const milliseconds = Math.round(performance.now() - startedMs);
  const { errorInstance } = found;
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  const failure = found.failed
    ? { path: found.counterexamplePath ?? "", shrunk: fc.stringify(found.counterexample), error }
    : null;
  return { name: subject.name, inputs: found.numRuns, seed, milliseconds, failure };
};

/** A property of one input: returns true or undefined when it holds, else a description of the violation. */
export const holds = <T>(input: fc.Arbitrary<T>, check: (value: T) => string | null): Property =>
  fc.property(input, (value) => {
    const problem = check(value);
    if (problem !== null) throw new Error(problem);
  });

/** The same for an asynchronous property. */
export const holdsLater = <T>(input: fc.Arbitrary<T>, check: (value: T) => Promise<string | null>): Property =>
  fc.asyncProperty(input, async (value) => {
    const problem = await check(value);
    if (problem !== null) throw new Error(problem);
  });
