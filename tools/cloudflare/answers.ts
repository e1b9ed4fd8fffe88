/** The envelope of Cloudflare's REST API. */

export interface ResultInfo {
  page: number;
  per_page: number;
  count: number;
  total_count: number;
  total_pages: number;
}

export const answer = (result: unknown, info?: ResultInfo): Response =>
  Response.json({
    success: true,
    errors: [],
    messages: [],
    result,
    ...(info && { result_info: info }),
  });

/** What Cloudflare refuses; thrown where the reason is found, and answered once. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const refuse = (refusal: Refusal): Response =>
  Response.json(
    {
      success: false,
      errors: [{ code: refusal.code, message: refusal.message }],
      messages: [],
      result: null,
    },
    // The code once more, for the record.
    { status: refusal.status, headers: { "x-refused": String(refusal.code) } },
  );

/** One page of a list, as `?page=` and `?per_page=` ask for it. */
export const answerPage = (all: readonly unknown[], query: URLSearchParams, defaultPerPage = 20): Response => {
  const page = Number(query.get("page") ?? 1) || 1;
  const perPage = Number(query.get("per_page") ?? defaultPerPage) || defaultPerPage;
  const result = all.slice((page - 1) * perPage, page * perPage);
  return answer(result, {
    page,
    per_page: perPage,
    count: result.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / perPage),
  });
};
