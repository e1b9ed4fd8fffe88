/** Says what is missing before a Node that cannot run TypeScript fails with a syntax error. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `CV Ops runs on Node 22.18 or newer, and this is ${process.versions.node}.\n` +
      "On Linux x64 npm installs one with the project: run it through npm (npm start), after npm ci without --omit=optional.\n" +
      "Elsewhere install a newer Node, such as with: nvm install 24",
  );
  process.exit(1);
}
