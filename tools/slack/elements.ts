import { isObject, type JsonObject, objectsOf } from "./json.ts";

/** A block's interactive elements with their place in it, such as `elements/0` or `accessory`. */
export const elementsOf = (block: JsonObject): [place: string, element: JsonObject][] => {
  if (block["type"] === "actions")
    return objectsOf(block["elements"]).map((element, index) => [`elements/${index}`, element]);
  const field = block["type"] === "input" ? "element" : "accessory";
  const element = block[field];
  return isObject(element) && element["type"] !== "image" ? [[field, element]] : [];
};

/** The options that an element offers, in groups or not. */
export const optionsOf = (element: JsonObject): JsonObject[] => [
  ...objectsOf(element["options"]),
  ...objectsOf(element["option_groups"]).flatMap((group) => objectsOf(group["options"])),
];
