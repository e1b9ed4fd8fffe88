/** The Workers under test of the soak, in a separate process. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Workers {
  url: string;
  /** Stops the Workers and deletes their data. */
  remove: () => Promise<void>;
}

/** @param variables replace those of the configurations */
export const startWorkers = async (variables: Record<string, string>): Promise<Workers> => {
  const child = fork(join(import.meta.dirname, "workers-process.ts"));
  child.send(variables);
  const failed = once(child, "exit").then(() => {
    throw new Error("The Workers did not start");
  });
  const [{ url }] = (await Promise.race([once(child, "message"), failed])) as [{ url: string }];
  failed.catch(() => undefined);
  return {
    url,
    remove: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
};
