/**
 * Loaded before a program by `node --import`: the program's own requests to the outside reach the stand-ins. REACH is
 * JSON, {"<host>": "<origin of the stand-in>"}; nothing else of the outside can be reached.
 */
const { fetch: real } = globalThis;
const stands = JSON.parse(process.env["REACH"] ?? "{}") as Record<string, string>;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.hostname === "localhost" || url.hostname === "127.0.0.1") return real(request);
  const origin = stands[url.host];
  if (origin === undefined) throw new TypeError(`Nothing stands for ${url.host}`);
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", url.host);
  const body = request.body === null ? null : await request.arrayBuffer();
  return real(new URL(url.pathname + url.search, origin), {
    method: request.method,
    headers,
    body,
    signal: request.signal,
  });
};
