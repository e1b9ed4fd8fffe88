/** The pages that end an installation: one sentence, one button, no script. */
import { type InstallationPage, installationPages } from "../../shared/messages/en/installation.ts";

const style = `
:root{color-scheme:light dark;--ink:#1d2a24;--soft:#5b6b63;--paper:#f6f5f1;--card:#fff;--line:#e2e0d8;--brand:#2f6f4f}
@media(prefers-color-scheme:dark){:root{--ink:#e8ece9;--soft:#a5b3ab;--paper:#141a17;--card:#1c2420;--line:#2d3832;--brand:#7cc29e}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:32rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:36px}
p.name{margin:0 0 20px;color:var(--brand);font-weight:600;letter-spacing:.02em}
h1{margin:0 0 12px;font-size:1.5rem;line-height:1.25}
p{margin:0 0 24px;color:var(--soft)}
a{display:inline-block;padding:10px 18px;border-radius:8px;background:var(--brand);color:var(--card);text-decoration:none;font-weight:600}
a:focus-visible{outline:3px solid var(--brand);outline-offset:3px}
`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export const installationPage = (page: InstallationPage, href: string, status: number): Response => {
  const { title, text, action } = installationPages[page];
  const nonce = crypto.randomUUID();
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)} · CV Ops</title>
<meta name="viewport" content="width=device-width"><style nonce="${nonce}">${style}</style></head>
<body><main><p class="name">CV Ops</p><h1>${escaped(title)}</h1><p>${escaped(text)}</p>
<a href="${escaped(href)}">${escaped(action)}</a></main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "X-Content-Type-Options": "nosniff",
      // The address has the code and the state.
      "Referrer-Policy": "no-referrer",
    },
  });
};
