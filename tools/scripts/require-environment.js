/**
 * The build command of what is for this machine alone: `wrangler deploy` without `--env production` would upload the
 * local stack, with its public secrets. wrangler says in WRANGLER_COMMAND what it builds for.
 */
const command = process.env.WRANGLER_COMMAND ?? "";
if (command === "deploy" || command.startsWith("versions")) {
  console.error(
    `wrangler ${command}: name the environment, as in "npx wrangler deploy --env production". Without it this is the local stack.`,
  );
  process.exitCode = 1;
}
