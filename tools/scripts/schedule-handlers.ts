/** The code that answers to cron, by the names of shared/schedules.ts. Read as text: it needs the types of Workers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const handlerFiles = { bot: "bot/schedule.ts", target: "targets/service/schedule.ts" } as const;

/** The keys of the table `handlers` in the file. */
export const handlersIn = (path: string): string[] => {
  const source = readFileSync(join(import.meta.dirname, "../..", path), "utf8");
  const [, table = ""] = /export const handlers\b[^{]*\{\n([^]*?)\n\}/.exec(source) ?? [];
  return [...table.matchAll(/^ {2}(\w+)(?:,|:)/gm)].map(([, name = ""]) => name);
};
