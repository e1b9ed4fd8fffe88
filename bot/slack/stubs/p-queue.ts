/** web-api limits its concurrent calls by p-queue; ours have no limit there (web-client.ts), so they just run. */
export default class PassThroughQueue {
  add<T>(task: () => Promise<T>): Promise<T> {
    return task();
  }
}
