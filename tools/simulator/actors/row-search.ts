/** A user who types a name into an input with typeahead: each character is a request, which reads the cache of rows. */
import type { Random } from "../../../test/support/random.ts";
import { type Person, blockSuggestion } from "../../../test/support/slack/requests.ts";
import { seededRows } from "../world/starting-rows.ts";
import type { World } from "../world/world.ts";
import type { SlackDelivery } from "./slack-delivery.ts";

const inputs = ["row:technology", "row:technology", "list:technologies:project"];

export const searchRows = (world: World, delivery: SlackDelivery, person: Person, random: Random): void => {
  const { scheduler } = world.runtime;
  const name = random.pick(seededRows);
  const actionId = random.pick(inputs);
  const view = { id: "V0SEARCH", type: "modal", callback_id: "stage", private_metadata: "", state: { values: {} } };
  let delayMs = 0;
  for (let length = 1; length <= random.between(2, 4); length += 1) {
    const body = blockSuggestion(person, view, { actionId, typed: name.slice(0, length) });
    const search = { person, channel: "", name: `searches ${name.slice(0, length)}`, body, responseUrl: "" };
    scheduler.after(delayMs, () => void delivery.send(search));
    // Some look at what they are offered before they type on.
    delayMs += random.chance(0.7) ? random.between(120, 900) : random.between(2000, 70_000);
  }
};
