/** A page without a script on which somebody chooses who to be. */
export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const style =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem}ul{list-style:none;padding:0}a{display:flex;justify-content:space-between;padding:.75rem 1rem;margin:.5rem 0;border:1px solid #8888;border-radius:8px;text-decoration:none;color:inherit}a:hover{border-color:#2f6f4f}";

export interface Choice {
  title: string;
  /** HTML. */
  lead: string;
  items: readonly { name: string; note: string; href: string }[];
}

export const choicePage = ({ title, lead, items }: Choice, status = 200): Response => {
  const list = items.map(
    ({ name, note, href }) =>
      `<li><a href="${escape(href)}"><strong>${escape(name)}</strong> <span>${escape(note)}</span></a></li>`,
  );
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1><p>${lead}</p><ul>${list.join("")}</ul></main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
};
