import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Returns CHROMIUM_PATH, or the first common path that exists. Throws with installation instructions. */
const executablePath = (): string => {
  const given = process.env["CHROMIUM_PATH"];
  if (given) {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, and nothing is there.`);
  }
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new Error(
    "The browser tests need Chromium or Chrome, and none is in a common place. Install one, such as with " +
      "`apt-get install chromium` or `brew install --cask chromium`, or set CHROMIUM_PATH to its program.",
  );
};

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executablePath(),
    // Containers have no user namespaces and little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
  });
