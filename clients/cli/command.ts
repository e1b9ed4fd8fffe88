import type { Account } from "./account.ts";
import type { Client } from "../sdk/index.ts";
import type { Arguments, OptionSpec } from "./arguments.ts";
import type { Named } from "./names.ts";
import type { Output } from "./output.ts";

/** docs/reference/command-line.md explains them to people. */
export const exit = { done: 0, refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;
export type Exit = (typeof exit)[keyof typeof exit];

export interface CommandCall {
  /** Address and token of the person. */
  account: Account;
  client: Client;
  /** Of CV Ops. */
  baseUrl: string;
  args: Arguments;
  out: Output;
  /** Replaces user ids with names in an answer that a person reads. */
  named: Named;
  /** Aborted by Ctrl-C, which no longer ends the process at once after this call. */
  interrupted: () => AbortSignal;
  /** Aborted after so long, in milliseconds. */
  timeout: (delayMs: number) => AbortSignal;
  /** Resolves when it was asked to; whether it did is between it and the person. */
  openBrowser: (url: string) => Promise<void>;
  /** Resolves after so long, in milliseconds, or when the signal is aborted. */
  wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** All of standard input. */
  readInput: () => Promise<string>;
  /** What this machine is called. */
  device: string;
}

export interface Command {
  name: string;
  /** What follows the name. */
  usage: string;
  summary: string;
  examples: readonly string[];
  options?: readonly OptionSpec[];
  /** What may follow first, for the shell's completion. */
  words?: readonly string[];
  /** Whether `a=b` is a field instead of a word. Default: false. */
  takesFields?: boolean;
  /** How many words may follow, besides options. Default: 0. */
  maxWords?: number;
  /** Needs no token, as it gets or ends one: then `client` is not to be used. Default: false. */
  isForAccounts?: boolean;
  /** Returns nothing when all went well. */
  run: (call: CommandCall) => Promise<Exit | void>;
}
