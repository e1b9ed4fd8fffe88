/** Sends a request, and hands what it is answered with to `use`, all within the time. */
const within = async <T>(
  fetch: (request: Request) => Promise<Response>,
  request: Request,
  timeoutMs: number,
  use: (response: Response) => Promise<T>,
): Promise<T> => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new DOMException("No answer", "TimeoutError")), timeoutMs);
  try {
    return await use(await fetch(new Request(request, { signal: abort.signal })));
  } finally {
    clearTimeout(timer);
  }
};

/**
 * An answer with its body read, so that nothing is left to wait for; without a body when that broke off. Throws when
 * the connection fails, and a TimeoutError after `timeoutMs`. A timer that runs on after the answer, as that of
 * AbortSignal.timeout does, would keep a Durable Object in memory.
 */
export const fetchWithin = (
  fetch: (request: Request) => Promise<Response>,
  request: Request,
  timeoutMs: number,
): Promise<Response> =>
  within(fetch, request, timeoutMs, async (response) => {
    const { status, headers } = response;
    const body = await response.arrayBuffer().catch(() => null);
    return new Response(body && body.byteLength > 0 ? body : null, { status, headers });
  });

/** The same for an answer of which nothing is read but how it begins: whoever sends it may never stop. */
export const headWithin = (
  fetch: (request: Request) => Promise<Response>,
  request: Request,
  timeoutMs: number,
): Promise<Pick<Response, "status" | "headers">> =>
  within(fetch, request, timeoutMs, async ({ status, headers, body }) => {
    await body?.cancel().catch(() => undefined);
    return { status, headers };
  });
