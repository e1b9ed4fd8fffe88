/**
 * The build command of what is for this machine alone: `wrangler deploy` with this configuration would upload the
 * local stack, with its public secrets. wrangler says in WRANGLER_COMMAND what it builds for.
 */
const command = process.env.WRANGLER_COMMAND ?? "";
if (command === "deploy" || command.startsWith("versions")) {
  console.error(
    `wrangler ${command}: this is the local stack. "npm run deploy" deploys a production, "npm run setup" makes one.`,
  );
  process.exitCode = 1;
}
