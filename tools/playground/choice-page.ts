/** A page without a script on which somebody chooses who to be. */
export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const style = [
  ":root{color-scheme:light dark;--line:light-dark(#dddde2,#3b3d42);--ink:light-dark(#1d1c1d,#e8e8ea)}",
  "body{margin:0;padding:8vh 16px;background:light-dark(#f7f7f8,#17181b);color:var(--ink);font:16px/1.5 system-ui,sans-serif}",
  "main{max-width:26rem;margin:auto;padding:24px 28px;border:1px solid var(--line);border-radius:12px;background:light-dark(#fff,#222529)}",
  "header{margin-bottom:12px;color:light-dark(#611f69,#d9a6df);font-weight:700}h1{margin:0 0 8px;font-size:24px;line-height:1.25}",
  "h2{margin:20px 0 4px;font-size:14px;color:light-dark(#616061,#ababad)}p{margin:0}ul{list-style:none;margin:16px 0 0;padding:0}h2+ul{margin:0}",
  "a{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;padding:10px 14px;margin:8px 0;border:1px solid var(--line);border-radius:8px;text-decoration:none;color:inherit}",
  "a span{color:light-dark(#616061,#ababad)}a:hover,a:focus-visible{border-color:light-dark(#611f69,#d9a6df)}",
].join("");

interface Item {
  name: string;
  note: string;
  href: string;
  /** Heading of those in a row that have it. */
  group?: string;
}

export interface Choice {
  title: string;
  /** HTML. */
  lead: string;
  items: readonly Item[];
}

const listOf = (items: readonly Item[]): string =>
  items.length === 0
    ? ""
    : `<ul>${items
        .map(
          ({ name, note, href }) =>
            `<li><a href="${escape(href)}"><strong>${escape(name)}</strong> <span>${escape(note)}</span></a></li>`,
        )
        .join("")}</ul>`;

/** Their lists in order, each below its heading. */
const groupsOf = (items: readonly Item[]): string =>
  [...new Set(items.map(({ group }) => group))]
    .map((group) => {
      const heading = group === undefined ? "" : `<h2>${escape(group)}</h2>`;
      return heading + listOf(items.filter((item) => item.group === group));
    })
    .join("");

export const choicePage = ({ title, lead, items }: Choice, status = 200): Response => {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head><body><main><header>Local Slack</header><h1>${title}</h1><p>${lead}</p>${groupsOf(items)}</main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
};
