/** Cron never fires locally, so the playground ticks the other Workers over their service bindings. */
import { cronJobs, isDue } from "../../../shared/schedules.ts";

/** A service binding calls the Worker's `scheduled` handler by RPC, with its `env` and `ctx` behind the event. */
interface Scheduled {
  scheduled: (controller: { cron: string; scheduledTime: number }) => Promise<unknown>;
}

/** The types of service bindings do not know which handlers a Worker has. */
const isScheduled = (worker: object): worker is Scheduled => "scheduled" in worker;

/** The schedules that a Worker declares in its wrangler.toml. */
const declaredBy = (binding: string): Set<string> => {
  const worker = binding === "BOT" ? "bot" : "target";
  return new Set(Object.values(cronJobs).flatMap((job) => (job.worker === worker ? [job.schedule] : [])));
};

export const tickIntervalMs = 60_000;

const tickOne = async (name: string, worker: object, now: number): Promise<string> => {
  try {
    if (!isScheduled(worker)) throw new Error("The binding does not implement scheduled");
    for (const cron of declaredBy(name)) if (isDue(cron, now)) await worker.scheduled({ cron, scheduledTime: now });
    return "ok";
  } catch (error) {
    const message = String(error);
    console.log(JSON.stringify({ event: "playground_tick_failed", worker: name, message }));
    return message;
  }
};

/** Runs every Worker's cron at once; the outcome by Worker. One that fails does not stop the others. */
export const tickWorkers = async (workers: Record<string, object>, now: number): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(workers).map(async ([name, worker]) => [name, await tickOne(name, worker, now)] as const),
    ),
  );
