/** A shell in which `cv` runs against a scripted server. */
import { setUp } from "../../sdk/testing/set-up.ts";
import { run } from "../run.ts";

interface Options {
  env?: Record<string, string>;
  tty?: boolean;
  interrupted?: AbortSignal;
  timeout?: AbortSignal;
  /** Standard input. */
  input?: string;
  /** What is stored by cv login. */
  config?: string | null;
}

export const settings = { CV_OPS_URL: "https://cv-ops.test", CV_OPS_TOKEN: "cvops_token" };

export const shellOf = (options: Options = {}) => {
  const world = setUp();
  const { server, clock } = world;
  const said = { out: "", err: "" };
  /** What was printed when Ctrl-C could still end the process without a word; null where it always could. */
  const unguarded: { printed: string | null } = { printed: null };
  const opened: string[] = [];
  const file = { text: options.config ?? null };
  const cv = async (...argv: string[]) => {
    said.out = "";
    said.err = "";
    let code: number | null = null;
    const ran = run(argv, {
      env: options.env ?? settings,
      stdout: { write: (text) => (said.out += text), isTTY: options.tty ?? false, columns: 100 },
      stderr: { write: (text) => (said.err += text) },
      interrupted: () => {
        unguarded.printed ??= said.out + said.err;
        return options.interrupted ?? new AbortController().signal;
      },
      timeout: () => options.timeout ?? new AbortController().signal,
      configFile: {
        path: "/home/avery/.config/cv-ops/config.json",
        read: () => file.text,
        write: (text) => (file.text = text),
      },
      readInput: async () => options.input ?? "",
      device: "averys-laptop",
      wait: (delayMs) => new Promise((resolve) => void clock.setTimeout(resolve, delayMs)),
      openBrowser: async (url) => void opened.push(url),
      surroundings: { ...world.surroundings },
    }).then((exit) => {
      code = exit;
    });
    await clock.until(() => code !== null, `the end of cv ${argv.join(" ")}`);
    await ran;
    return { code, ...said };
  };
  return { server, clock, cv, said, opened, file, unguarded };
};
