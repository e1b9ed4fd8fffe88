// A bot whose answers a test scripts: POST /script sets the next answers, GET /received lists what came.
let answers = [];
let received = [];
let ticks = 0;

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Not text(): workerd warns of it for forms.
const bodyOf = async (request) => new TextDecoder().decode(await request.arrayBuffer());

const receive = async (request) => {
  received.push({ headers: Object.fromEntries(request.headers), body: await bodyOf(request), url: request.url });
  const {
    status = 200,
    body = "",
    contentType = "text/plain",
    delayMs = 0,
    echoChallenge = false,
  } = answers.shift() ?? {};
  if (delayMs > 0) await delay(delayMs);
  if (echoChallenge) return new Response(JSON.parse(received.at(-1).body).challenge);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, {
    status,
    headers: { "Content-Type": typeof body === "string" ? contentType : "application/json" },
  });
};

export default {
  async fetch(request) {
    switch (new URL(request.url).pathname) {
      case "/script":
        answers = await request.json();
        received = [];
        ticks = 0;
        return new Response();
      case "/received":
        return Response.json({ received, ticks });
      case "/slack/events":
        return receive(request);
      default:
        if (request.method === "GET") {
          const assertion = request.headers.get("Cf-Access-Jwt-Assertion");
          return Response.json({ forwarded: request.url, assertion });
        }
        return Response.json({ forwarded: request.url, method: request.method, body: await bodyOf(request) });
    }
  },
  scheduled(controller, _env, ctx) {
    ctx.waitUntil(Promise.resolve());
    if (controller.cron === "* * * * *" && typeof controller.scheduledTime === "number") ticks += 1;
  },
};
