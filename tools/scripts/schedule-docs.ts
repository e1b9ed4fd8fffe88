/** Lists what cron runs in docs/guides/operate.md. */
import { cronJobs } from "../../shared/schedules.ts";
import { writeGeneratedPart } from "./generated-file.ts";
import { handlerFiles } from "./schedule-handlers.ts";

const rows = Object.entries(cronJobs).map(
  ([name, { worker, schedule, max, of, does }]) =>
    `| \`${name}\` | \`${schedule}\` | \`${handlerFiles[worker]}\` | ${max.toLocaleString("en")} ${of} | ${does} |`,
);

const table = [
  "| job | schedule (UTC) | handler of this name in | at most, in one run | what it does |",
  "|---|---|---|---|---|",
  ...rows,
].join("\n");

writeGeneratedPart("docs/guides/operate.md", "schedules", table, "npm run docs");
