/**
 * `npm run demo`: the main job from end to end on a fresh stack, by typed commands and button presses alone. Prints
 * what each person saw and checks the outcome; exits with 1 when anything is not as it should be. `--json` prints one
 * JSON document.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../migrate.ts";
import { buildPages } from "../page/build.ts";
import { type Stack, findFreePort, makeReady, startStack } from "../stack.ts";
import { cast, nameOf } from "../cast.ts";
import { type Check, checkWorld } from "./checks.ts";
import { joinAs } from "./person.ts";
import { printStory } from "./story.ts";
import { type Transcript, createTranscript, printEntry } from "./transcript.ts";

const timeoutMs = 120_000;
const channel = "C0PORTFOL1";

const asJson = process.argv.includes("--json");
const say = (text: string): void => {
  if (!asJson) console.log(text);
};

const run = async (stack: Stack, deadline: AbortSignal, transcript: Transcript): Promise<Check[]> => {
  const place = { url: stack.url, channel, transcript, deadline };
  const avery = await joinAs(place, cast.avery);
  const priya = await joinAs(place, cast.priya);
  let printed = 0;
  const printNew = (): void => {
    for (const entry of transcript.entries.slice(printed)) say(printEntry(entry));
    printed = transcript.entries.length;
  };
  try {
    const ending = await printStory(avery, priya, printNew);
    return await checkWorld(stack.url, ending, transcript);
  } finally {
    printNew();
    avery.leave();
    priya.leave();
  }
};

const startFresh = async (persistTo: string): Promise<Stack> => {
  const [port] = await Promise.all([findFreePort(), buildPages(), migrate(persistTo)]);
  const stack = await startStack({ port, persistTo });
  await makeReady(stack.url);
  return stack;
};

const main = async (): Promise<boolean> => {
  const startedMs = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const persistTo = await mkdtemp(join(tmpdir(), "cv-ops-demo-"));
  let stack: Stack | undefined;
  let transcript = createTranscript(nameOf);
  let checks: Check[] = [];
  let failure: string | null = null;
  try {
    stack = await startFresh(persistTo);
    const startSeconds = (performance.now() - startedMs) / 1000;
    say(
      `A fresh stack with Noor Vega's portfolio is up after ${startSeconds.toFixed(1)} s. Avery is an author, Priya an approver.`,
    );
    transcript = createTranscript(nameOf);
    checks = await run(stack, deadline, transcript);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    await stack?.stop();
    await rm(persistTo, { recursive: true, force: true });
  }
  const ok = failure === null && checks.every((check) => check.ok);
  const seconds = Number(((performance.now() - startedMs) / 1000).toFixed(1));
  if (asJson) console.log(JSON.stringify({ ok, failure, seconds, checks, transcript: transcript.entries }, null, 2));
  else printEnd(checks, failure, seconds, stack);
  return ok;
};

const printEnd = (checks: Check[], failure: string | null, seconds: number, stack: Stack | undefined): void => {
  say("");
  for (const { name, ok, found } of checks) say(`  ${ok ? "✓" : "✗"} ${name}${ok ? "" : `\n      found: ${found}`}`);
  const failed = checks.filter((check) => !check.ok).length;
  if (failure !== null) {
    console.error(`\nThe demo failed: ${failure}`);
    if (stack) console.error(`\nThe end of the stack's log:\n${stack.logs.slice(-25).join("\n")}`);
    return;
  }
  say(`\n${checks.length - failed} passed, ${failed} failed, ${seconds} s with start and stop.`);
};

process.exit((await main()) ? 0 : 1);
