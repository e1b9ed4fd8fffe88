/** What the page shows of the targets, asked of them as any reader would. */
import { isEntityType } from "../../shared/domain/portfolio/registry.ts";

const portfolio = "noor-vega";

type Reader = { fetch: (request: Request) => Promise<Response> };
interface Targets {
  D1CV: Reader;
  AI_AGENT: Reader;
}

const read = async (target: Reader, token: string, path: string): Promise<Response> => {
  const request = new Request(`http://target.internal${path}`, { headers: { Authorization: `Bearer ${token}` } });
  const response = await target.fetch(request);
  return new Response(response.body, { status: response.status, headers: { "Content-Type": "application/json" } });
};

const refuse = (error: string): Response => Response.json({ error }, { status: 400 });

/** `GET /playground/client/portfolio?target=&type=`: rows of a target, deleted ones too. */
export const readPortfolio = async (targets: Targets, url: URL): Promise<Response> => {
  const type = url.searchParams.get("type") ?? "";
  if (!isEntityType(type)) return refuse("There is no such type.");
  const path = `/api/portfolios/${portfolio}/${type}?include=deleted`;
  switch (url.searchParams.get("target")) {
    case "d1cv":
      return read(targets.D1CV, "local-read-d1cv", path);
    case "ai-agent":
      return read(targets.AI_AGENT, "local-read-ai-agent", path);
    default:
      return refuse("There is no such target.");
  }
};

/** `GET /playground/client/search?q=`: semantic search as ai-agent answers it. */
export const searchPortfolio = (targets: Targets, url: URL): Promise<Response> => {
  const query = new URLSearchParams({ q: url.searchParams.get("q") ?? "", portfolio });
  return read(targets.AI_AGENT, "local-read-ai-agent", `/api/search?${query.toString()}`);
};
