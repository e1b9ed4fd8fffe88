/**
 * W3C trace context: `00-<trace, 32 hex>-<span, 16 hex>-<flags>` (w3.org/TR/trace-context). One trace follows a push
 * from Slack's request to the last update of its thread; each hop has a span of its own.
 */
const shape = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** Of an incoming header; null where there is none, or none that is valid. */
export const traceIdOf = (traceparent: string | null | undefined): string | null => {
  const [, traceId = "", spanId = ""] = shape.exec(traceparent ?? "") ?? [];
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId) ? traceId : null;
};

/** @param spanSource a unique id: the hex digits at its end become the span */
export const traceparentOf = (traceId: string, spanSource: string): string => {
  const digits = spanSource.toLowerCase().replace(/[^0-9a-f]/g, "");
  const span = digits.slice(-16).padStart(16, "0");
  return `00-${traceId}-${/[1-9a-f]/.test(span) ? span : "0000000000000001"}-01`;
};
