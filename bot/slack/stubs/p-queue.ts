/** web-api puts its calls through p-queue to bound how many run at once; ours are not bounded there (web-client.ts), so they just run. */
export default class PassThroughQueue {
  add<T>(task: () => Promise<T>): Promise<T> {
    return task();
  }
}
