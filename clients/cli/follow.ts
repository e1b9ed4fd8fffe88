/** Shows a push until it ends: a progress bar in a terminal, a line for each step elsewhere. */
import { tooLargeCode } from "../../shared/domain/pushes/retry.ts";
import type { PushOutcome, PushStep } from "../sdk/index.ts";
import type { ApiPush } from "../../shared/contract/resources.ts";
import { firstOf } from "../../shared/domain/text.ts";
import { type CommandCall, type Exit, exit } from "./command.ts";
import { type Arguments, type OptionSpec, WrongUsage, durationFrom } from "./arguments.ts";
import type { Paint } from "./output.ts";
import { eventLine, jobLine, pushLines } from "./lines.ts";

export const followUsage = "[--follow [--verified] [--timeout 10m]]";

export const followOptions: readonly OptionSpec[] = [
  { name: "follow", summary: "stays until the push has ended; Ctrl-C leaves it running" },
  { name: "verified", summary: "with --follow: until every target has verified its rows" },
  {
    name: "timeout",
    value: "90s, 10m or 1h",
    summary: "with --follow: stops watching after this time, with exit code 1",
  },
];

/** Checked before any request, so that a usage error starts no push. */
export const readFollow = ({ options }: Arguments): { verified: boolean; timeoutMs: number | null } | null => {
  const { follow, verified, timeout } = options;
  if (follow === undefined && (verified !== undefined || timeout !== undefined)) {
    throw new WrongUsage("--verified and --timeout go with --follow.");
  }
  if (follow === undefined) return null;
  return { verified: verified === true, timeoutMs: typeof timeout === "string" ? durationFrom(timeout) : null };
};

const exitOf = { completed: exit.done, failed: exit.refused, cancelled: exit.refused } as const satisfies Record<
  PushOutcome,
  Exit
>;

export const followToEnd = async (
  { client, out, named, interrupted, timeout }: CommandCall,
  push: Pick<ApiPush, "number" | "commit">,
  { verified, timeoutMs }: NonNullable<ReturnType<typeof readFollow>>,
): Promise<Exit> => {
  const signal = interrupted();
  const limit = timeoutMs === null ? null : timeout(timeoutMs);
  const until = limit ? AbortSignal.any([signal, limit]) : signal;
  const onState = (state: string): void => {
    if (state === "reconnecting") out.note("Connection lost. Reconnecting…");
  };
  try {
    for await (const step of client.followPush(push.number, { verified, signal: until, onState })) {
      showStep(out, await named(step));
      if (step.outcome !== null) return exitOf[step.outcome];
    }
    throw new Error("A push that is followed has an outcome");
  } catch (error) {
    if (!until.aborted) throw error;
    const continues = `Push #${push.number} continues: cv status ${push.commit} --follow`;
    out.note(signal.aborted ? continues : `Timed out. ${continues}`);
    return signal.aborted ? exit.interrupted : exit.refused;
  }
};

const showStep = (out: CommandCall["out"], step: PushStep): void => {
  const { paint } = out;
  const isProgress = step.event?.type === "job.progress";
  if (out.isJson) return out.show(step, () => []);
  // The bar shows progress where there is one.
  if (step.event && !(isProgress && out.isWatched)) out.show(step.event, (event) => [eventLine(event, paint)]);
  if (step.outcome === null) return out.passing(step.push, (push) => bar(push, out.columns, paint));
  out.show(step, ({ push, outcome }) => [
    ...pushLines(push, paint),
    outcome === "completed" ? paint("green", "Done.") : paint("red", outcomeText(push, outcome)),
  ]);
};

const outcomeText = (push: ApiPush, outcome: PushOutcome | null): string => {
  if (outcome === "cancelled") return "Cancelled: nothing more is sent.";
  const tooLarge = push.jobs.find(({ state, error }) => state === "failed" && error?.code === tooLargeCode);
  return tooLarge
    ? `Failed. ${tooLarge.target} takes less than this at once: commit it again in smaller parts.`
    : `Failed. cv retry ${push.commit} sends what failed again.`;
};

const max = 40;

/** `[██████────────────]  42 %  ai-agent: indexing, 80 %` */
const bar = (push: ApiPush, columns: number, paint: Paint): string => {
  const width = Math.max(5, Math.min(max, columns - 50));
  const full = Math.round((push.percent / 100) * width);
  const current = push.jobs.find(({ state }) => state !== "completed") ?? push.jobs.at(-1);
  const drawn = `${"█".repeat(full)}${"─".repeat(width - full)}`;
  const text = current ? jobLine(current, (_, text) => text) : "";
  // A wrapped line cannot be overwritten.
  const room = Math.max(0, columns - width - 12);
  return `[${paint("cyan", drawn)}] ${String(push.percent).padStart(3)} %  ${firstOf(text, room)}`;
};
