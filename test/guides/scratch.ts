/** A copy of the repository in which a guide is followed. It shares node_modules with the original. */
import { execFile, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { root } from "../../tools/scripts/tree.ts";
import { type Edit, edited } from "./guide.ts";

export interface Ran {
  code: number | null;
  /** Its end, which says what failed. */
  output: string;
}

const maxOutput = 5000;

const filesOfRepository = async (): Promise<string[]> => {
  const options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await promisify(execFile)("git", options, { cwd: root, maxBuffer: 16_000_000 });
  return stdout.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
};

export class Scratch {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<Scratch> {
    const folder = mkdtempSync(join(tmpdir(), "cv-ops-guide-"));
    for (const path of await filesOfRepository()) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      copyFileSync(join(root, path), join(folder, path));
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const scratch = new Scratch(folder);
    await scratch.#git("init -q");
    writeFileSync(join(folder, ".git/info/exclude"), "/node_modules\n");
    await scratch.#git("add -A");
    await scratch.#git("-c user.name=Guide -c user.email=guide@example.com commit -qm Copy");
    return scratch;
  }

  apply(edit: Edit): void {
    const file = join(this.#folder, edit.path);
    const before = existsSync(file) ? readFileSync(file, "utf8") : null;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, edited(edit, before));
  }

  /** The copy is as the repository again. */
  async revert(): Promise<void> {
    await this.#git("checkout -q .");
    await this.#git("clean -fdqx -e /node_modules");
  }

  /** Checks the program that has the file, whole: that of the nearest tsconfig.json. */
  checkTypesOf(path: string): Promise<Ran> {
    let folder = dirname(path);
    while (!existsSync(join(this.#folder, folder, "tsconfig.json"))) folder = dirname(folder);
    return this.run(`npx tsc -p ${join(folder, "tsconfig.json")} --pretty false`);
  }

  async run(command: string): Promise<Ran> {
    const child = spawn("sh", ["-c", `${command} 2>&1`], {
      cwd: this.#folder,
      env: { ...process.env, CI: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => {
      child.on("close", resolve);
    });
    const output = await text(child.stdout);
    return { code: await ended, output: output.slice(-maxOutput) };
  }

  async #git(options: string): Promise<void> {
    const { code, output } = await this.run(`git ${options}`);
    if (code !== 0) throw new Error(`git ${options}: ${output}`);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
