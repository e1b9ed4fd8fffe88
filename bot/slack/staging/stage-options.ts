import type { OptionSpec } from "../core/commands/grammar.ts";

/** Of a change, wherever it is typed. */
export const stageOptions: OptionSpec[] = [
  { name: "target", value: "all, or targets with commas between them" },
  { name: "summary", value: "a line for the list of changes" },
];
