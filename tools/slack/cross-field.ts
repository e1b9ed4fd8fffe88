/** Rules of Block Kit that need more than one field of an object at once. */
import type { Problem } from "./check-shape.ts";
import { optionsOf } from "./elements.ts";
import { isObject, type JsonObject, objectsOf } from "./json.ts";

type Across = (object: JsonObject, pointer: string) => Problem[];

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

const initialIsAnOption: Across = (element, pointer) => {
  const chosen =
    element["initial_option"] === undefined ? objectsOf(element["initial_options"]) : [element["initial_option"]];
  const offered = optionsOf(element);
  return chosen.every((initial) => offered.some((option) => same(option, initial)))
    ? []
    : [{ pointer, message: "initial option must match one of the options" }];
};

const uniqueValues: Across = (element, pointer) => {
  const values = optionsOf(element).map((option) => option["value"]);
  return new Set(values).size === values.length ? [] : [{ pointer, message: "option values must be unique" }];
};

const optionsOrGroups: Across = (element, pointer) =>
  (element["options"] === undefined) === (element["option_groups"] === undefined)
    ? [{ pointer, message: "must provide exactly one of options and option_groups" }]
    : [];

const ordered =
  (low: string, high: string): Across =>
  (element, pointer) =>
    element[low] !== undefined && element[high] !== undefined && Number(element[low]) > Number(element[high])
      ? [{ pointer, message: `${low} must not be greater than ${high}` }]
      : [];

const oneRichElement: Across = (task, pointer) =>
  ["details", "output"].flatMap((field) => {
    const rich = task[field];
    return isObject(rich) && objectsOf(rich["elements"]).length !== 1
      ? [{ pointer: `${pointer}/${field}/elements`, message: "must have exactly one element" }]
      : [];
  });

const uniqueTaskIds: Across = (plan, pointer) => {
  const ids = objectsOf(plan["tasks"]).map((task) => task["task_id"]);
  return new Set(ids).size === ids.length ? [] : [{ pointer: `${pointer}/tasks`, message: "task_id must be unique" }];
};

const textOrFields: Across = (section, pointer) =>
  section["text"] === undefined && section["fields"] === undefined
    ? [{ pointer, message: "must provide text or fields" }]
    : [];

const evenRows: Across = (table, pointer) => {
  const rows = Array.isArray(table["rows"]) ? (table["rows"] as unknown[]).map(objectsOf) : [];
  const [header = []] = rows;
  return [
    ...(header.some((cell) => cell["type"] === "rich_text")
      ? [{ pointer: `${pointer}/rows/0`, message: "the header takes no rich_text" }]
      : []),
    ...(rows.some(({ length }) => length !== header.length)
      ? [{ pointer: `${pointer}/rows`, message: "every row must have as many cells" }]
      : []),
  ];
};

const across: Record<string, readonly Across[]> = {
  section: [textOrFields],
  static_select: [optionsOrGroups, initialIsAnOption, uniqueValues],
  multi_static_select: [optionsOrGroups, initialIsAnOption, uniqueValues],
  checkboxes: [initialIsAnOption, uniqueValues],
  radio_buttons: [initialIsAnOption, uniqueValues],
  overflow: [uniqueValues],
  plain_text_input: [ordered("min_length", "max_length")],
  number_input: [ordered("min_value", "max_value")],
  task_card: [oneRichElement],
  plan: [uniqueTaskIds],
  data_table: [evenRows],
};

const childrenOf = (object: JsonObject): [string, JsonObject][] =>
  ["accessory", "element", "elements", "tasks"].flatMap((field): [string, JsonObject][] => {
    const child = object[field];
    if (isObject(child)) return [[field, child]];
    return objectsOf(child).map((item, index) => [`${field}/${index}`, item]);
  });

/** Problems across the fields of an object and of what it holds. */
export const crossFieldProblems = (object: JsonObject, pointer: string): Problem[] => {
  const type = object["task_id"] === undefined ? String(object["type"]) : "task_card";
  return [
    ...(across[type] ?? []).flatMap((rule) => rule(object, pointer)),
    ...childrenOf(object).flatMap(([field, child]) => crossFieldProblems(child, `${pointer}/${field}`)),
  ];
};
