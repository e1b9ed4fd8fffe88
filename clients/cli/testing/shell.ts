/** A shell in which `cv` runs against a scripted server. */
import { setUp } from "../../sdk/testing/set-up.ts";
import { run } from "../run.ts";

interface Options {
  env?: Record<string, string>;
  tty?: boolean;
  interrupted?: AbortSignal;
  timeout?: AbortSignal;
}

export const settings = { CV_OPS_URL: "https://cv-ops.test", CV_OPS_TOKEN: "cvops_token" };

export const shellOf = (options: Options = {}) => {
  const world = setUp();
  const { server, clock } = world;
  const said = { out: "", err: "" };
  const opened: string[] = [];
  const cv = async (...argv: string[]) => {
    said.out = "";
    said.err = "";
    let code: number | null = null;
    const ran = run(argv, {
      env: options.env ?? settings,
      stdout: { write: (text) => (said.out += text), isTTY: options.tty ?? false, columns: 100 },
      stderr: { write: (text) => (said.err += text) },
      interrupted: () => options.interrupted ?? new AbortController().signal,
      timeout: () => options.timeout ?? new AbortController().signal,
      openBrowser: async (url) => void opened.push(url),
      surroundings: { ...world.surroundings },
    }).then((exit) => {
      code = exit;
    });
    await clock.until(() => code !== null, `the end of cv ${argv.join(" ")}`);
    await ran;
    return { code, ...said };
  };
  return { server, clock, cv, said, opened };
};
