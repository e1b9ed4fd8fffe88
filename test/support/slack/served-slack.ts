/** The Slack in memory behind a port of loopback, for a bot in another process. */
import { type Loopback, listen } from "../loopback.ts";
import { type Answered, FakeSlack, type SlackCall } from "./fake-slack.ts";

export class ServedSlack extends FakeSlack {
  readonly #server: Loopback;
  readonly #waiting = new Set<() => void>();

  private constructor(server: Loopback, hooks: string) {
    super(() => Date.now(), hooks);
    this.#server = server;
  }

  /** @param hooks how its response addresses begin: at its own port, unless its requests are led there otherwise */
  static async start(hooks?: string): Promise<ServedSlack> {
    let slack: ServedSlack | null = null;
    const server = await listen((request) => slack?.fetch(request) ?? Promise.resolve(null));
    slack = new ServedSlack(server, hooks ?? `http://127.0.0.1:${server.port}/response/`);
    return slack;
  }

  /** The address of its Web API. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.#server.port}/api/`;
  }

  async stop(): Promise<void> {
    await this.#server.close();
  }

  override async fetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    const response = await super.fetch(input, init);
    for (const look of this.#waiting) look();
    return response;
  }

  /** The first call that Slack accepts and `find` takes: after the first `since` calls, or a future one. */
  called(find: (call: SlackCall) => boolean, since = 0): Promise<SlackCall> {
    return this.#until(() => this.calls.slice(since).find((call) => call.outcome === "ok" && find(call)));
  }

  /** The first answer to this response address. */
  answered(responseUrl: string): Promise<Answered> {
    return this.#until(() => this.answers.find(({ url }) => url === responseUrl));
  }

  #until<Found>(look: () => Found | undefined): Promise<Found> {
    const { promise, resolve } = Promise.withResolvers<Found>();
    const lookAgain = (): void => {
      const found = look();
      if (found === undefined) return;
      this.#waiting.delete(lookAgain);
      resolve(found);
    };
    this.#waiting.add(lookAgain);
    lookAgain();
    return promise;
  }
}
