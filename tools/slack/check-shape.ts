/** Checks a JSON value against a rule of the limits table and words problems as Slack does. */
import { isObject } from "./json.ts";
import { type Rule, type Shape, shapes } from "./limits.ts";

export interface Problem {
  /** Where in the payload, as a JSON pointer such as `/blocks/0/text/text`. */
  pointer: string;
  message: string;
}

/** A problem as it stands in `response_metadata.messages`. */
export const describe = ({ pointer, message }: Problem): string => `[ERROR] ${message} [json-pointer:${pointer}]`;

/** Problems of `value`; none when it keeps the rule. */
export const check = (rule: Rule, value: unknown, pointer: string): Problem[] => {
  switch (rule.is) {
    case "boolean":
      return typeof value === "boolean" ? [] : [{ pointer, message: "must provide a boolean" }];
    case "integer":
    case "number":
      return checkNumber(rule, value, pointer);
    case "string":
      return checkString(rule, value, pointer);
    case "text":
      return checkText(rule, value, pointer);
    case "list":
      return checkList(rule, value, pointer);
    case "shape":
      return checkShape(shapes[rule.shape], value, pointer, []);
    case "typed":
      return checkTyped(rule.types, value, pointer);
  }
};

const checkNumber = (rule: Rule & { is: "integer" | "number" }, value: unknown, pointer: string): Problem[] => {
  if (typeof value !== "number" || (rule.is === "integer" && !Number.isInteger(value))) {
    return [{ pointer, message: `must provide ${rule.is === "integer" ? "an integer" : "a number"}` }];
  }
  if (rule.min !== undefined && value < rule.min) return [{ pointer, message: `must be at least ${rule.min}` }];
  if (rule.max !== undefined && value > rule.max) return [{ pointer, message: `must be at most ${rule.max}` }];
  return [];
};

const checkString = (rule: Rule & { is: "string" }, value: unknown, pointer: string): Problem[] => {
  if (typeof value !== "string") return [{ pointer, message: "must provide a string" }];
  if (rule.min !== undefined && value.length < rule.min) {
    return [{ pointer, message: `must be more than ${rule.min - 1} characters` }];
  }
  if (rule.max !== undefined && value.length > rule.max) {
    return [{ pointer, message: `must be less than ${rule.max + 1} characters` }];
  }
  if (rule.oneOf && !rule.oneOf.includes(value))
    return [{ pointer, message: `must be one of: ${rule.oneOf.join(", ")}` }];
  if (rule.pattern && !rule.pattern.test(value)) return [{ pointer, message: "must be a valid value of its format" }];
  return [];
};

const checkText = (rule: Rule & { is: "text" }, value: unknown, pointer: string): Problem[] => {
  if (!isObject(value)) return [{ pointer, message: "must provide an object" }];
  const kind = rule.kinds.find((allowed) => allowed === value["type"]);
  if (!kind) return [{ pointer: `${pointer}/type`, message: `must be one of: ${rule.kinds.join(", ")}` }];
  const required: Shape["required"] = { text: { is: "string", min: 1, max: rule.max } };
  const optional: Shape["optional"] =
    kind === "mrkdwn" ? { verbatim: { is: "boolean" } } : { emoji: { is: "boolean" } };
  return checkShape({ required, optional }, value, pointer, ["type"]);
};

const checkList = (rule: Rule & { is: "list" }, value: unknown, pointer: string): Problem[] => {
  if (!Array.isArray(value)) return [{ pointer, message: "must provide an array" }];
  const items = value as unknown[];
  if (rule.min !== undefined && items.length < rule.min)
    return [{ pointer, message: `no less than ${rule.min} items allowed` }];
  if (rule.max !== undefined && items.length > rule.max)
    return [{ pointer, message: `no more than ${rule.max} items allowed` }];
  return items.flatMap((item, index) => check(rule.of, item, `${pointer}/${index}`));
};

const checkTyped = (types: Readonly<Record<string, string>>, value: unknown, pointer: string): Problem[] => {
  if (!isObject(value)) return [{ pointer, message: "must provide an object" }];
  const type = value["type"];
  if (type === undefined) return [{ pointer, message: "missing required field: type" }];
  const name = typeof type === "string" && Object.hasOwn(types, type) ? types[type] : undefined;
  if (name === undefined)
    return [
      { pointer: `${pointer}/type`, message: `unsupported type: ${typeof type === "string" ? type : typeof type}` },
    ];
  return checkShape(shapes[name], value, pointer, ["type"]);
};

/** `also` names fields that were checked by the caller. */
export const checkShape = (
  shape: Shape | undefined,
  value: unknown,
  pointer: string,
  also: readonly string[],
): Problem[] => {
  if (!shape) throw new Error(`The limits table has no shape for ${pointer}`);
  if (!isObject(value)) return [{ pointer, message: "must provide an object" }];
  const { required = {}, optional = {} } = shape;
  const missing = Object.keys(required)
    .filter((field) => value[field] === undefined)
    .map((field) => ({ pointer, message: `missing required field: ${field}` }));
  const fields = Object.entries(value).flatMap(([field, content]): Problem[] => {
    if (also.includes(field) || content === undefined) return [];
    const rule = required[field] ?? optional[field];
    if (!rule) return [{ pointer, message: `invalid additional property: ${field}` }];
    return check(rule, content, `${pointer}/${field}`);
  });
  return [...missing, ...fields];
};
