/** `npm run docs`: writes what comes from the code in docs/. With `--check` it fails where something is out of date. */
import "./command-docs.ts";
import "./cli-docs.ts";
import "./map.ts";
import "./role-docs.ts";
import "./schedule-docs.ts";
import "./state-docs.ts";
import "./database-docs.ts";
// Last: the simulator replaces the clock and the network of the process.
import "./push-picture.ts";
