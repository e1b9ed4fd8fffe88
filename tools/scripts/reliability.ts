/** `npm run reliability`: prints every figure of docs/explanation/reliability.md, also after failures. */
import { spawnSync } from "node:child_process";

const commands: [command: string, environment?: Record<string, string>][] = [
  ["npm run simulate -- --runs 10000 --seed 1"],
  ["npm run simulate -- --crash-points"],
  ["npm run simulate -- --load"],
  ["npm run simulate:mutants"],
  ["npm run fuzz -- --inputs 100000 --seed 2026"],
  ["npm run test:all -- --project corpora"],
  ["npm run test:all -- --project bot evictions"],
  ["npm run test:all -- --project stories scenarios", { SCENARIOS: "100" }],
];

const failed = commands.filter(([command, environment]) => {
  console.log(`\n$ ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: "inherit", env: { ...process.env, ...environment } });
  return status !== 0;
});
console.log(failed.length === 0 ? "\nEverything holds" : `\nFailed: ${failed.map(([command]) => command).join("; ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
