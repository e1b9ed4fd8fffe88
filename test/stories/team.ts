/** The users of one workspace, who carry out a generated scenario while the stack fails and restarts. */
import { people } from "../support/people.ts";
import { Random } from "../support/random.ts";
import type { Round, Scenario } from "./scenario.ts";
import { sendAsSlack } from "./signatures.ts";
import { slashCommand } from "./slack-payloads.ts";
import type { ServedSlack } from "../support/slack/served-slack.ts";

const { admin, author, approver, otherApprover } = people;

/** The interface of the stack, which may stop and restart at any moment. */
export interface Connection {
  url: string;
  slack: ServedSlack;
  /** Resolves immediately while the stack is up, else at the next start. */
  up: () => Promise<void>;
  /** Resolves at the next start of the stack. */
  restarted: () => Promise<void>;
  /** Counts an answered request. */
  progress: () => void;
}

const pushCard = /^Push #(\d+) of commit #(\d+) to [^:]+: (?:Applied to|Failed at|Stopped|Cancelled)/;

const numberOf = ({ seed }: Scenario): string => String(seed).padStart(4, "0");

export const workspaceOf = (scenario: Scenario): string => `T0SCEN${numberOf(scenario)}`;

export const channelOf = (scenario: Scenario): string => `C0SCEN${numberOf(scenario)}`;

export class Team {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly #scenario: Scenario;
  readonly #connection: Connection;
  /** A separate random sequence, so that the plan does not depend on the stack's behaviour. */
  readonly #random: Random;
  readonly #number: string;
  #asked = 0;
  #staged = 0;
  #commits = 0;
  /** Cards of completed pushes. */
  readonly #done = new Set<string>();

  constructor(scenario: Scenario, connection: Connection) {
    this.#scenario = scenario;
    this.#connection = connection;
    this.#random = new Random(`team ${scenario.seed}`);
    this.#number = numberOf(scenario);
    this.workspaceId = workspaceOf(scenario);
    this.channelId = channelOf(scenario);
  }

  async play(): Promise<void> {
    const reviewers = [approver, otherApprover].map((id) => `<@${id}|someone>`).join(" ");
    await this.#ask(admin, `roles <@${author}|someone> editor`, /is an editor now/);
    await this.#ask(admin, `roles ${reviewers} approver`, /is an approver now/);
    for (const round of this.#scenario.rounds) {
      await this.#stage(round);
      await this.#commit(round);
      await this.#approve(round);
      for (const scope of round.scopes) await this.#push(round, scope);
    }
  }

  async #stage({ stage, takenBack }: Round): Promise<void> {
    for (const line of [...stage, ...(takenBack ? [takenBack] : [])]) {
      this.#staged += 1;
      await this.#ask(author, line, new RegExp(`Staged as change ${this.#staged}:`));
    }
    if (takenBack) await this.#ask(author, `unstage ${this.#staged}`, /Unstaged/);
  }

  async #commit({ rejectedFirst }: Round): Promise<void> {
    const commit = async (): Promise<void> => {
      this.#commits += 1;
      const message = `Scenario ${this.#number}, commit ${this.#commits}`;
      await this.#ask(author, `commit -m "${message}"`, new RegExp(`\\*Commit #${this.#commits}\\*`));
    };
    await commit();
    if (!rejectedFirst) return;
    await this.#ask(otherApprover, `reject ${this.#commits} not like this`, /Rejected commit/);
    await this.#ask(author, `reopen ${this.#commits}`, /Reopened commit/);
    await commit();
  }

  async #approve({ approvedTwice }: Round): Promise<void> {
    const expected = /Approved commit|approved already|at the same moment/;
    const who = approvedTwice ? [approver, otherApprover] : [approver];
    await Promise.all(who.map((userId) => this.#ask(userId, `approve ${this.#commits}`, expected)));
  }

  /** Pushes until the commit is applied: retries a failed push, and pushes again after a cancellation. */
  async #push({ cancelled }: Round, scope: Round["scopes"][number]): Promise<void> {
    const { slack } = this.#connection;
    const line = `push ${this.#commits} ${scope}`;
    await this.#ask(approver, line, /has started/);
    if (cancelled) await this.#ask(approver, `cancel ${this.#commits}`, /./);
    for (;;) {
      const since = slack.calls.length;
      const [ts, card] = this.#newestPush();
      if (/: Applied to/.test(card)) {
        this.#done.add(ts);
        return;
      }
      if (/: (Failed at|Stopped)/.test(card)) await this.#ask(approver, `retry ${this.#commits}`, /./);
      else if (/: Cancelled/.test(card)) await this.#ask(approver, line, /./);
      const isPush = (text: unknown): boolean => typeof text === "string" && pushCard.test(text);
      await slack.called(({ args }) => args["channel"] === this.channelId && isPush(args["text"]), since);
    }
  }

  /** The card of the commit's newest incomplete push. */
  #newestPush(): [ts: string, text: string] {
    const isOurs = new RegExp(`^Push #\\d+ of commit #${this.#commits} `);
    const card = this.#connection.slack.messages.findLast(
      ({ channel, ts, text }) => channel === this.channelId && isOurs.test(text) && !this.#done.has(ts),
    );
    return card ? [card.ts, card.text] : ["", ""];
  }

  /** Sends the same request until its answer arrives. Some requests are duplicated, as Slack does. */
  async #ask(userId: string, line: string, expected: RegExp): Promise<void> {
    const { url, slack, up, restarted, progress } = this.#connection;
    this.#asked += 1;
    const trigger = `trigger-${this.#number}-${this.#asked}`;
    const sender = { workspaceId: this.workspaceId, userId, channelId: this.channelId };
    const responseUrl = slack.newResponseUrl({ workspaceId: this.workspaceId, userId, channel: this.channelId });
    const body = slashCommand(sender, line, trigger, responseUrl);
    for (;;) {
      await up();
      const gone = restarted().then(() => null);
      const times = this.#random.chance(0.2) ? 2 : 1;
      const answers = await Promise.all(Array.from({ length: times }, () => answerTo(url, body)));
      const atOnce = answers.find((text) => text !== null && !text.includes("Working on it"));
      // A crash loses answers; a late answer arrives at the response address.
      const late = () => slack.answered(responseUrl).then(({ payload }) => JSON.stringify(payload));
      const answer = atOnce ?? (await Promise.race([late(), gone]));
      if (answer === null) continue;
      progress();
      if (expected.test(answer) || answer.includes("Nothing was changed twice")) return;
      throw new Error(`/cv ${line} was answered with: ${answer}`);
    }
  }
}

/** Null when the connection broke or the stack was unavailable. */
const answerTo = async (url: string, body: string): Promise<string | null> => {
  try {
    const response = await sendAsSlack(url, body);
    const text = await response.text();
    return response.status === 200 ? text : null;
  } catch {
    return null;
  }
};
