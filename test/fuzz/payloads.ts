/** Parsers of incoming requests: Slack's payloads and protocol bodies are parsed, or refused with a reason. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { keyOf, kindOf, parseBody, userOf } from "../../bot/slack/core/payload.ts";
import { workspaceOf } from "../../bot/slack/core/origin.ts";
import { misshapen } from "../../bot/slack/core/shape.ts";
import { applyRequest, cancelRequest, reindexRequest, targetWebhook } from "../../shared/targets/protocol.ts";
import { validateOperations } from "../../targets/service/validate.ts";
import { home } from "./harness.ts";
import { near } from "./mutations.ts";
import { protocolBody, webhooks } from "./protocol-bodies.ts";
import { documented, encoded } from "./slack-inputs.ts";
import { type Subject, holds } from "./subject.ts";

const slackPayloads: Subject = {
  name: "Slack's payloads: documented ones are parsed, others are refused with their paths",
  share: 1,
  property: () => {
    const payload = fc.oneof(
      { weight: 1, arbitrary: documented.map((sent) => ({ sent: sent as unknown, isDocumented: true })) },
      { weight: 9, arbitrary: near(documented).map((sent) => ({ sent, isDocumented: false })) },
    );
    return holds(payload, ({ sent, isDocumented }) => {
      const { body, contentType } = encoded(sent);
      const read = parseBody(body, contentType);
      if (read === null) return isDocumented ? "a documented payload is not read" : null;
      const wrong = misshapen(read);
      if (wrong === null) return null;
      if (isDocumented && wrong.length > 0) return `a documented payload is refused: ${wrong.join(", ")}`;
      if (wrong.includes("")) return "a refusal without a path";
      const names = [workspaceOf(read), kindOf(read), userOf(read) ?? "", keyOf(read) ?? ""];
      if (!names.every((name) => typeof name === "string")) return "a name is not a text";
      return wrong.length === 0 && !/^[A-Z0-9]*$/.test(workspaceOf(read))
        ? "a workspace id that Slack never gives"
        : null;
    });
  },
};

const bodies = fc.oneof(
  protocolBody.map((body) => ({ ...body, target: "d1cv", portfolioId: home.portfolioId })),
  fc.constantFrom(...webhooks).map((webhook) => ({ ...webhook, jobId: "job-1" })),
);
const schemas = [applyRequest, cancelRequest, reindexRequest, targetWebhook];

const protocolBodies: Subject = {
  name: "target protocol: a body has at most one kind, and parsing is idempotent",
  share: 1,
  property: () => {
    const input = fc.oneof(
      { weight: 1, arbitrary: bodies.map((sent) => ({ sent: sent as unknown, isDocumented: true })) },
      { weight: 9, arbitrary: near(bodies, 3).map((sent) => ({ sent, isDocumented: false })) },
    );
    return holds(input, ({ sent, isDocumented }) => {
      const received: unknown = JSON.parse(JSON.stringify(sent) ?? "null");
      const read = schemas.flatMap((schema) => {
        const parsed = schema.safeParse(received);
        return parsed.success ? [{ schema, value: parsed.data }] : [];
      });
      const [only] = read;
      if (!only) return isDocumented ? "a body of the protocol is refused" : null;
      if (read.length > 1) return "a body is of two kinds";
      const again = only.schema.safeParse(JSON.parse(JSON.stringify(only.value)));
      if (!again.success || !isDeepStrictEqual(again.data, only.value)) return "what was read is read otherwise";
      const { value } = only;
      if (value.type !== "apply") return null;
      const checked = validateOperations(value.operations);
      if (!checked.ok) return checked.reason.message === "" ? "the refusal says nothing" : null;
      const twice = validateOperations(checked.value);
      return twice.ok && isDeepStrictEqual(twice.value, checked.value) ? null : "values are normalised twice";
    });
  },
};

export const payloadSubjects: Subject[] = [slackPayloads, protocolBodies];
