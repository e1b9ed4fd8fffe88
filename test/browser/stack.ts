/** The shared stack of all browser tests, started as `npm start` does, on a free port and in a separate folder. */
import type { TestProject } from "vitest/node";
import { buildPages } from "../../tools/playground/page/build.ts";
import { startStory } from "../stories/stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    stackUrl: string;
  }
}

/** @returns a function that stops the stack */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  await buildPages();
  const stack = await startStory();
  project.provide("stackUrl", stack.url);
  return async () => {
    if (project.vitest.state.getCountOfFailedTests() > 0) console.error(`The stack's log:\n${stack.tail()}`);
    await stack.remove();
  };
};
