import type { Block } from "@slack/types";
import { elementsOf } from "./elements.ts";
import { isObject, type JsonObject, objectsOf } from "./json.ts";

/**
 * Validated blocks with the `block_id`s and `action_id`s that Slack makes up where an app left them out.
 * @param newName a name that nothing else in the message has
 */
export const withIds = (blocks: unknown, newName: () => string): Block[] =>
  objectsOf(blocks).map((block) => {
    const elements = new Set(elementsOf(block).map(([, element]) => element));
    const identified = (value: unknown): unknown =>
      isObject(value) && elements.has(value) && value["action_id"] === undefined
        ? { ...value, action_id: newName() }
        : value;
    const withElements: JsonObject = Object.fromEntries(
      Object.entries(block).map(([field, value]) => [
        field,
        Array.isArray(value) ? value.map(identified) : identified(value),
      ]),
    );
    return { block_id: newName(), ...withElements, type: String(block["type"]) };
  });
