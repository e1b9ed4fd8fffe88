/** The completion of `cv` in the three shells themselves. Each lists what it offers for a line. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { completionFor } from "./completion.ts";
import { completed } from "./help.ts";

const folder = mkdtempSync(join(tmpdir(), "cv-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fileFor = (shell: string): string => {
  const file = join(folder, shell);
  writeFileSync(file, `${completionFor(shell, completed).join("\n")}\n`);
  return file;
};

const words = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.split("\t")[0]?.trim() ?? "")
    .filter((word) => word !== "");

/** What a shell offers for a line, whose last word is being typed. */
const offers: Record<string, (typed: readonly string[]) => string[]> = {
  bash: (typed) =>
    words(
      execFileSync(
        "bash",
        [
          "-c",
          `source ${fileFor("bash")}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cv; printf '%s\\n' "\${COMPREPLY[@]}"`,
          "bash",
          ...typed,
        ],
        { encoding: "utf8" },
      ),
    ),
  // The line editor of zsh needs a terminal: what it offers is caught where the function hands it over.
  zsh: (typed) => {
    const all = words(
      execFileSync(
        "zsh",
        [
          "-fc",
          `compdef() { [[ $1 == _cv && $2 == cv ]] || exit 9 }
           compadd() { shift; print -l -- "$@" }
           _describe() { print -l -- "\${(@)\${(P@)2}%%:*}" }
           source ${fileFor("zsh")}; words=("$@"); CURRENT=$#; _cv`,
          "zsh",
          ...typed,
        ],
        { encoding: "utf8" },
      ),
    );
    return all.filter((word) => word.startsWith(typed.at(-1) ?? ""));
  },
  fish: (typed) =>
    words(
      execFileSync("fish", ["--no-config", "-c", `source ${fileFor("fish")}; complete -C '${typed.join(" ")}'`], {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: folder },
      }),
    ),
};

describe.each(Object.keys(offers))("completion in %s", (shell) => {
  const offered = (...typed: string[]): string[] => offers[shell]?.(["cv", ...typed]).toSorted() ?? [];

  test("a shell completes every command of cv, and those by which it speaks of itself", () => {
    const names = completed.map(({ name }) => name);
    expect(offered("").filter((word) => !word.startsWith("-"))).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(["help", "version", "completion", "login", "logout", "whoami"]));
    expect(offered("lo")).toEqual(["log", "login", "logout"]);
  });

  test("a shell completes what may follow a command of cv", () => {
    expect(offered("stage", "cr")).toEqual(["create"]);
    expect(offered("completion", "")).toEqual(expect.arrayContaining(["bash", "fish", "zsh"]));
    expect(offered("help", "pu")).toEqual(["push"]);
    expect(offered("login", "--w")).toEqual(["--with-token"]);
    expect(offered("push", "42", "--f")).toEqual(["--follow"]);
    expect(offered("push", "42", "--nothing")).toEqual([]);
  });

  test("a shell completes a command behind --json, which may stand first", () => {
    expect(offered("--js")).toEqual(["--json"]);
    expect(offered("--json", "logi")).toEqual(["login"]);
    expect(offered("--json", "login", "--w")).toEqual(["--with-token"]);
  });
});
