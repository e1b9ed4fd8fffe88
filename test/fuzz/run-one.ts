/** A worker thread of a campaign: runs one subject after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { type FuzzOptions, fuzz } from "./subject.ts";
import { subjects } from "./subjects.ts";

export interface FuzzShare extends FuzzOptions {
  /** A shared queue: a free thread takes the first subject. */
  names: readonly string[];
  next: SharedArrayBuffer;
}

const { names, next, ...options } = workerData as FuzzShare;
const counter = new Int32Array(next);
for (let index = Atomics.add(counter, 0, 1); index < names.length; index = Atomics.add(counter, 0, 1)) {
  const subject = subjects.find(({ name }) => name === names[index]);
  if (subject) parentPort?.postMessage(await fuzz(subject, options));
}
