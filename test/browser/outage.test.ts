/** An outage and a dead letter in the browser. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BrowserSession, openBrowserSession } from "./session.ts";

let session: BrowserSession;
beforeAll(async () => {
  session = await openBrowserSession();
});
beforeEach(() => session.reset());
afterAll(() => session.close());

test(
  "a push to a target that is down waits with a note, and continues automatically",
  { timeout: 180_000 },
  async (context) => {
    const avery = await session.asPerson(context, "Avery");
    const priya = await session.asPerson(context, "Priya");
    await avery.type("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
    await avery.type('/cv commit -m "Skill updates"', "It needs approval");
    await priya.sees(/Commit #1.*Needs approval/);
    await priya.clickButton("Approve");
    await session.breaks("d1cv.down");
    await priya.clickButton("Push to all");
    await priya.sees(/d1cv is not answering since/);
    await avery.sees(/Push #1.*d1cv/);
    await priya.screenshot("outage");
    await session.endFaults();
    await priya.type("/cv status", "Where things stand");
    await priya.page.getByText("d1cv answers again").waitFor({ timeout: 120_000 });
    const done = priya.message("verified live");
    await done.waitFor({ timeout: 60_000 });
    expect(await done.textContent()).toContain("Applied to 2 targets");
  },
);

test("a dead letter is shown to admins, who discard it with a reason", async (context) => {
  const carla = await session.asPerson(context, "Carla");
  await session.breaks("queue.poison");
  await expect
    .poll(
      async () => {
        await carla.type("/cv dead-letters", "could not be delivered");
        return carla.message("could not be delivered").textContent();
      },
      { timeout: 20_000, interval: 1000 },
    )
    .toContain("there is no such job");
  await carla.screenshot("dead-letters");
  await carla.chooses("Discard…", "there is no such job");
  await carla.form.getByLabel("Why is that right?").fill("Made on purpose");
  await carla.submit(/[Dd]iscarded/);
});
