/**
 * Loaded into wrangler before its own code. Its standard input is a pipe that the starting process holds: when that one
 * is gone, even by SIGKILL, the pipe ends, and so does the whole process group.
 */
process.stdin.on("end", () => process.kill(0, "SIGKILL")).resume();
