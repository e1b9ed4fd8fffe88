/**
 * An answer with its body read, so that nothing is left to wait for; without a body when that broke off. Throws when the
 * connection fails, and a TimeoutError after `timeoutMs`. A timer that runs on after the answer, as that of
 * AbortSignal.timeout does, would keep a Durable Object in memory.
 */
export const fetchWithin = async (
  fetch: (request: Request) => Promise<Response>,
  request: Request,
  timeoutMs: number,
): Promise<Response> => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new DOMException("No answer", "TimeoutError")), timeoutMs);
  try {
    const response = await fetch(new Request(request, { signal: abort.signal }));
    const { status, headers } = response;
    const body = await response.arrayBuffer().catch(() => null);
    return new Response(body && body.byteLength > 0 ? body : null, { status, headers });
  } finally {
    clearTimeout(timer);
  }
};
