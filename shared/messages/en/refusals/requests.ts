/** What is wrong with a request itself, and what any use case may refuse. */
import { clipLine, code, list, message, next, quoted } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { commas, plural, unstopped, withArticle } from "../grammar.ts";
import { permissionMessages } from "../permissions.ts";
import { ask, hint, unknownName } from "./phrases.ts";

export const requestRefusals = {
  invalid_request: {
    title: "Invalid request",
    detail: ({ errors }) =>
      message`The request does not match the API:${list(errors.map(({ field, rule }) => message`${code(field)} ${rule}`))}`,
  },
  malformed_body: { title: "Malformed body", detail: () => message`The body is not JSON. Send a JSON object.` },
  unsupported_media_type: {
    title: "Unsupported media type",
    detail: () => message`The body is not JSON. Send JSON with the header ${code("Content-Type: application/json")}.`,
  },
  too_large: {
    title: "Content too large",
    detail: ({ maxBytes }) => message`The body is too large. A body has at most ${maxBytes} bytes.`,
  },
  unauthorized: {
    title: "Unauthorized",
    detail: ({ because }) =>
      message`${unstopped(because)}.${next({ to: "authorize" }, (how) => message`Send the header ${how}.`)}${hint({ to: "create_token" }, "creates a token")}`,
  },
  workspace_required: {
    title: "Workspace required",
    detail: ({ workspaces }) => {
      const names = commas(workspaces.map(({ id, name }) => (name === null ? id : message`${id} (${name})`)));
      return message`You belong to several workspaces: ${names}. Choose one.${next({ to: "choose_workspace" }, (how) => message`Name it in ${how}.`)}`;
    },
  },
  cross_origin: {
    title: "Cross-origin request",
    detail: () => message`A request by somebody who signed in with a browser must come from the pages of CV Ops.`,
  },
  rate_limited: {
    title: "Too many requests",
    detail: ({ retryAfterSeconds }) =>
      message`You have sent too many requests. Wait ${plural(retryAfterSeconds, "second")}.`,
  },
  idempotency_key_reused: {
    title: "Idempotency key reused",
    detail: () =>
      message`This ${code("Idempotency-Key")} came with another request within the last day. Use a new key for a new request.`,
  },
  invalid_idempotency_key: {
    title: "Invalid idempotency key",
    detail: () => message`An ${code("Idempotency-Key")} has 1 to 200 visible ASCII characters.`,
  },
  not_found: {
    title: "Not found",
    detail: ({ path }) => message`There is nothing at ${path}. The pages at /docs list every address.`,
  },
  method_not_allowed: {
    title: "Method not allowed",
    detail: ({ allowed }) => message`This address accepts ${commas(allowed)}.`,
  },
  unavailable: {
    title: "Service unavailable",
    detail: () =>
      message`A part of CV Ops does not answer, so it is unknown whether this was done. Try again.${next({ to: "repeat" }, (how) => message`With ${how} nothing is done twice.`)}`,
  },
  upgrade_required: {
    title: "Upgrade required",
    detail: () => message`This address accepts WebSockets. Over plain HTTP, follow events at /v2/stream.`,
  },
  too_many_connections: {
    title: "Too many connections",
    detail: () =>
      message`This workspace has as many live connections as it can serve. Close some, or poll /v2/events instead.`,
  },
  connections_exceeded: {
    title: "Too many connections of yours",
    detail: ({ max }) =>
      message`You have ${plural(max, "live connection")}, the maximum, with all your tokens. Close one, or follow more over one of them.`,
  },
  internal: {
    title: "Internal error",
    detail: () => message`CV Ops has failed. Whoever runs it finds the cause in the logs by the trace id.`,
  },
  entity_id_required: {
    title: "Row required",
    detail: ({ action }) =>
      message`The row is missing. ${action} needs the id of a row, such as ${code("python-1")}, or its exact name.`,
  },

  unclosed_quote: {
    title: "Unclosed quote",
    detail: ({ after }) =>
      message`A quote is never closed: ${code(`"${clipLine(after, 30)}`)}. Close it, or write ${code('\\"')} for a quote inside the text.`,
  },
  unknown_option: {
    title: "Unknown option",
    detail: (refusal) => message`There is no option ${code(refusal.typed, 40)} here.${unknownName("Options", refusal)}`,
  },
  option_value_required: {
    title: "Value required",
    detail: ({ option, value }) => message`${code(option, 40)} needs ${value} after it.`,
  },
  duplicate_field: {
    title: "Duplicate field",
    detail: ({ field }) =>
      message`${code(field, 40)} is given twice. Give it once; separate several values of a list with commas.`,
  },
  unknown_action: {
    title: "Unknown action",
    detail: ({ typed, suggestion }) =>
      typed === null
        ? message`Say what to do: create, update or delete.`
        : message`${code(typed, 40)} is not an action.${unknownName("Actions", { suggestion, allowed: ["create", "update", "delete"] })}`,
  },
  type_required: {
    title: "Type required",
    detail: () => message`Say the type of the row, such as ${code("technology")}.`,
  },
  row_required: { title: "Row missing", detail: () => message`Say which row, by its id or its exact name.` },
  id_not_allowed: {
    title: "Id not allowed",
    detail: ({ typed }) =>
      message`CV Ops gives a new row its id, so ${code(typed, 40)} is too much. Its name is a value: ${code('name="…"')}.`,
  },
  too_many_words: {
    title: "Too many words",
    detail: ({ typed }) => message`${code(typed, 60)} is too much. Write a value with spaces in quotes.`,
  },

  text_not_allowed: {
    title: "Text not allowed",
    detail: ({ what, rule }) => message`The ${what} ${rule}.`,
  },

  forbidden: {
    title: "Forbidden",
    detail: ({ needed, permission, role, whoMay }) =>
      message`Only ${withArticle(needed)} may ${permissionMessages[permission]}; you are ${withArticle(role)}. ${ask(whoMay, needed)}`,
  },
  insufficient_scope: {
    title: "Insufficient scope",
    detail: ({ token, permission, scope }) =>
      message`The token ${quoted(token, 60)} may not ${permissionMessages[permission]}: it has no scope ${code(scope)}.${hint({ to: "create_token" }, "creates another token")}`,
  },
  token_not_allowed: {
    title: "Token not allowed",
    detail: () => message`A token cannot create tokens: only people can.${hint({ to: "create_token" }, "creates one")}`,
  },
  conflict: {
    title: "Conflict",
    detail: () => message`Somebody changed this first, so you changed nothing. Look at it again, then decide.`,
  },
  duplicate_request: {
    title: "Duplicate request",
    detail: () => message`This request was carried out when it came first. Nothing was done twice.`,
  },
} satisfies Partial<RefusalMessages>;
