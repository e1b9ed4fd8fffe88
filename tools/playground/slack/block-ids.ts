import type { Block } from "@slack/types";
import { elementsOf } from "./elements.ts";
import { randomHex } from "./ids.ts";
import { isObject, type JsonObject, objectsOf } from "./json.ts";

/** Validated blocks with the `block_id`s and `action_id`s that Slack makes up where an app left them out. */
export const withIds = (blocks: unknown): Block[] =>
  objectsOf(blocks).map((block) => {
    const elements = new Set(elementsOf(block).map(([, element]) => element));
    const identified = (value: unknown): unknown =>
      isObject(value) && elements.has(value) && value["action_id"] === undefined
        ? { ...value, action_id: randomHex(3) }
        : value;
    const withElements: JsonObject = Object.fromEntries(
      Object.entries(block).map(([field, value]) => [
        field,
        Array.isArray(value) ? value.map(identified) : identified(value),
      ]),
    );
    return { block_id: randomHex(3), ...withElements, type: String(block["type"]) };
  });
