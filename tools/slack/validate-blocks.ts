/** Slack's checks of messages and views as pure functions: no Cloudflare import, so that any test can use them. */
import { check, checkShape, type Problem } from "./check-shape.ts";
import { crossFieldProblems } from "./cross-field.ts";
import { elementsOf } from "./elements.ts";
import { isObject, type JsonObject, objectsOf, stringOf } from "./json.ts";
import { anyBlock, blocks as blockRules, limits, type Surface, shapes } from "./limits.ts";

export { describe, type Problem } from "./check-shape.ts";

/** Slack's error code for a refused payload and where it is wrong. */
export type PayloadProblem = Problem & { code: MessageError | "invalid_arguments" | "view_too_large" };

type MessageError = "no_text" | "msg_too_long" | "msg_blocks_too_long" | "invalid_blocks";

/** What `chat.postMessage`, an acknowledgement and a `response_url` take. */
export interface MessagePayload {
  text?: unknown;
  blocks?: unknown;
}

/** All problems of a message, empty when Slack would take it. */
export const validateMessage = (message: MessagePayload): PayloadProblem[] => {
  const text = message.text ?? "";
  const blocks = message.blocks ?? [];
  const problem = (code: MessageError, pointer: string, text: string): PayloadProblem => ({
    code,
    pointer,
    message: text,
  });
  if (typeof text !== "string") return [problem("no_text", "/text", "must provide a string")];
  if (text.trim() === "" && Array.isArray(blocks) && blocks.length === 0) {
    return [problem("no_text", "/text", "must provide text or blocks")];
  }
  const characters = textLength(blocks);
  return [
    ...(text.length > limits.messageText
      ? [problem("msg_too_long", "/text", `must be less than ${limits.messageText + 1} characters`)]
      : []),
    ...validateBlocks(blocks, "message", "/blocks").map((found) => ({ ...found, code: "invalid_blocks" as const })),
    ...(characters > limits.messageBlocksText
      ? [
          problem(
            "msg_blocks_too_long",
            "/blocks",
            `must have less than ${limits.messageBlocksText + 1} characters together`,
          ),
        ]
      : []),
  ];
};

/** All problems of a modal or Home view, empty when Slack would take it. */
export const validateView = (view: unknown): PayloadProblem[] => {
  const found = viewProblems(view).map((problem) => ({ ...problem, code: "invalid_arguments" as const }));
  const bytes = new TextEncoder().encode(JSON.stringify(view) ?? "").length;
  return bytes > limits.viewBytes
    ? [...found, { code: "view_too_large", pointer: "/view", message: `must be at most ${limits.viewBytes} bytes` }]
    : found;
};

const viewProblems = (view: unknown): Problem[] => {
  if (!isObject(view)) return [{ pointer: "/view", message: "must provide an object" }];
  const surface = view["type"];
  if (surface !== "modal" && surface !== "home") {
    return [{ pointer: "/view/type", message: `unsupported type: ${String(surface)}` }];
  }
  const blocks = objectsOf(view["blocks"]);
  const frame = checkShape(shapes[surface], view, "/view", ["type", "blocks"]).filter(
    (problem) => problem.message !== "missing required field: blocks",
  );
  const needsSubmit =
    surface === "modal" && view["submit"] === undefined && blocks.some((block) => block["type"] === "input")
      ? [{ pointer: "/view", message: "missing required field: submit (there are input blocks)" }]
      : [];
  const focused = blocks.flatMap(elementsOf).filter(([, element]) => element["focus_on_load"] === true);
  const oneFocus =
    focused.length > 1 ? [{ pointer: "/view/blocks", message: "only one element can focus_on_load" }] : [];
  return [...frame, ...needsSubmit, ...oneFocus, ...validateBlocks(view["blocks"], surface, "/view/blocks")];
};

const validateBlocks = (blocks: unknown, surface: Surface, pointer: string): Problem[] => {
  const max = surface === "message" ? limits.messageBlocks : limits.viewBlocks;
  const min = surface === "message" ? 0 : 1;
  const found = check({ is: "list", of: anyBlock, min, max }, blocks, pointer);
  const list = objectsOf(blocks);
  return [
    ...found,
    ...list.flatMap((block, index) => [
      ...misplaced(block, surface, `${pointer}/${index}`),
      ...crossFieldProblems(block, `${pointer}/${index}`),
      ...repeatedActionIds(block, `${pointer}/${index}`),
    ]),
    ...repeatedBlockIds(list, pointer),
    ...tooMany(list, pointer),
  ];
};

const misplaced = (block: JsonObject, surface: Surface, pointer: string): Problem[] => {
  const surfaces = blockRules[stringOf(block["type"])]?.surfaces;
  return surfaces && !surfaces.includes(surface)
    ? [
        {
          pointer: `${pointer}/type`,
          message: `unsupported type: ${stringOf(block["type"])} (only in a ${surfaces.join(" or ")})`,
        },
      ]
    : [];
};

const repeatedBlockIds = (blocks: JsonObject[], pointer: string): Problem[] => {
  const seen = new Set<unknown>();
  return blocks.flatMap((block, index) => {
    const id = block["block_id"];
    if (id === undefined || !seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ pointer: `${pointer}/${index}/block_id`, message: `block_id already exists: ${stringOf(id)}` }];
  });
};

const repeatedActionIds = (block: JsonObject, pointer: string): Problem[] => {
  const seen = new Set<unknown>();
  return elementsOf(block).flatMap(([place, element]) => {
    const id = element["action_id"];
    if (id === undefined || !seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ pointer: `${pointer}/${place}/action_id`, message: `action_id already exists: ${stringOf(id)}` }];
  });
};

const tooMany = (blocks: JsonObject[], pointer: string): Problem[] => {
  const tables = blocks.filter((block) => block["type"] === "table").length;
  const markdown = blocks
    .filter((block) => block["type"] === "markdown")
    .map((block) => stringOf(block["text"]).length);
  return [
    ...(tables > limits.tablesPerMessage
      ? [{ pointer, message: `no more than ${limits.tablesPerMessage} table allowed` }]
      : []),
    ...(markdown.length > 1 && markdown.reduce((sum, length) => sum + length, 0) > limits.markdownText
      ? [{ pointer, message: `markdown must be less than ${limits.markdownText + 1} characters together` }]
      : []),
  ];
};

/** Characters that Slack counts towards a message's size: every text and title in its blocks. */
const textLength = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [field, content]) =>
      sum +
      (typeof content === "string"
        ? field === "text" || field === "title"
          ? content.length
          : 0
        : textLength(content)),
    0,
  );
};
