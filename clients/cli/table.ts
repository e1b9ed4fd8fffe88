/** Every command of `cv`: help, docs/reference/command-line.md and suggestions come from here. */
import { drop, reopen, review } from "./commands/close.ts";
import type { Command } from "./command.ts";
import { commit, commits, show } from "./commands/commit.ts";
import { cancel, push, retry, status } from "./commands/push.ts";
import { resolve } from "./commands/resolve.ts";
import { approve, reject, withdraw } from "./commands/review.ts";
import { login, logout } from "./commands/login.ts";
import { doctor, tokens, webhooks } from "./commands/administration.ts";
import { roles } from "./commands/people.ts";
import { open } from "./commands/open.ts";
import { diff, staged, unstage } from "./commands/staged.ts";
import { edit, stage } from "./commands/stage.ts";
import { targets } from "./commands/targets.ts";
import { why } from "./commands/why.ts";
import { log, reconcile, search, verify, whoami } from "./commands/workspace.ts";

export const commands: readonly Command[] = [
  login,
  logout,
  whoami,
  stage,
  edit,
  staged,
  unstage,
  diff,
  commit,
  commits,
  show,
  approve,
  reject,
  withdraw,
  review,
  reopen,
  drop,
  why,
  push,
  status,
  retry,
  cancel,
  resolve,
  log,
  search,
  verify,
  reconcile,
  roles,
  tokens,
  webhooks,
  targets,
  doctor,
  open,
];
