import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Markdown } from "./markdown-view.tsx";

const html = (text: string): string => renderToStaticMarkup(<Markdown text={text} />);

describe("the markdown block", () => {
  test("the markdown block draws headings, emphasis, code and links", () => {
    expect(html("## Two\n**b** *i* _i_ ~~s~~ `c` [t](https://example.com)")).toBe(
      '<div class="rich"><p class="markdown-heading level-2" role="heading" aria-level="5">Two</p>' +
        "<p><strong>b</strong> <em>i</em> <em>i</em> <s>s</s> <code>c</code> " +
        '<a href="https://example.com" target="_blank" rel="noopener noreferrer">t</a></p></div>',
    );
  });

  test("the markdown block draws blocks of every kind", () => {
    const drawn = html(
      "# h\n\ntext\n\n---\n> q\n\n- a\n  - b\n\n1. c\n\n```\ncode\n```\n\n| a | b |\n|---|:-:|\n| 1 | 2 |",
    );
    expect([...drawn.matchAll(/<(p|hr|blockquote|ul|ol|li|pre|table|th|td)\b/g)].map(([, tag]) => tag).join(" ")).toBe(
      "p p hr blockquote p ul li ul li ol li pre table th th td td",
    );
  });

  test("the markdown block draws open and done tasks", () => {
    expect(html("- [x] done\n- [ ] open\n- plain")).toBe(
      '<div class="rich"><ul><li class="todo"><input type="checkbox" readOnly="" disabled="" aria-label="done" checked=""/>done</li>' +
        '<li class="todo"><input type="checkbox" readOnly="" disabled="" aria-label="open"/>open</li><li>plain</li></ul></div>',
    );
  });

  test("the markdown block draws emoji, line ends and bare addresses", () => {
    expect(html("a :tada:\nhttps://a.example/b.")).toBe(
      '<div class="rich"><p>a <span class="emoji" role="img" aria-label="tada" title=":tada:">🎉</span><br/>' +
        '<a href="https://a.example/b" target="_blank" rel="noopener noreferrer">https://a.example/b</a>.</p></div>',
    );
  });

  test("the markdown block shows HTML as text and makes no link that runs code", () => {
    expect(html("<img src=x onerror=alert(1)>")).not.toContain("<img");
    expect(html("<img src=x onerror=alert(1)>")).toContain("&lt;img");
    expect(html("[x](javascript:alert(1))")).not.toContain("<a");
  });

  test("the markdown block leaves words with underscores and escaped marks alone", () => {
    expect(html("snake_case_name \\*a\\*")).toContain("<p>snake_case_name *a*</p>");
  });

  test("the markdown block reads 12,000 hostile characters in time", () => {
    const start = performance.now();
    for (const text of [
      "**_".repeat(4000),
      "[".repeat(12_000),
      ">".repeat(12_000),
      "`".repeat(12_000),
      "* a *".repeat(2400),
      "- 1. ".repeat(2400),
    ])
      html(text);
    expect(performance.now() - start).toBeLessThan(2500);
  });
});
