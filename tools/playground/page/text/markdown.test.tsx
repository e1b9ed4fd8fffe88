import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { parseMarkdown } from "./markdown.ts";
import { Markdown } from "./markdown-view.tsx";

const html = (text: string): string => renderToStaticMarkup(<Markdown text={text} />);

describe("the markdown block", () => {
  test("draws headings, emphasis, code and links", () => {
    expect(html("## Two\n**b** *i* _i_ ~~s~~ `c` [t](https://example.com)")).toBe(
      '<div class="rich"><p class="markdown-heading level-2" role="heading" aria-level="5">Two</p>' +
        "<p><strong>b</strong> <em>i</em> <em>i</em> <s>s</s> <code>c</code> " +
        '<a href="https://example.com" target="_blank" rel="noopener noreferrer">t</a></p></div>',
    );
  });

  test("reads blocks of every kind", () => {
    const types = parseMarkdown(
      "# h\n\ntext\n\n---\n> q\n\n- a\n  - b\n\n1. c\n\n```\ncode\n```\n\n| a | b |\n|---|:-:|\n| 1 | 2 |",
    ).map((block) => block.type);
    expect(types).toEqual(["heading", "paragraph", "rule", "quote", "list", "list", "code", "table"]);
  });

  test("knows open and done tasks", () => {
    const [list] = parseMarkdown("- [x] done\n- [ ] open\n- plain");
    expect(list?.type === "list" && list.items.map((item) => item.done)).toEqual([true, false, null]);
  });

  test("shows HTML as text and makes no link that runs code", () => {
    expect(html("<img src=x onerror=alert(1)>")).not.toContain("<img");
    expect(html("[x](javascript:alert(1))")).not.toContain("<a");
  });

  test("leaves words with underscores and escaped marks alone", () => {
    expect(html("snake_case_name \\*a\\*")).toContain("<p>snake_case_name *a*</p>");
  });

  test("reads 12,000 hostile characters in time", () => {
    const start = performance.now();
    for (const text of [
      "**_".repeat(4000),
      "[".repeat(12_000),
      ">".repeat(12_000),
      "`".repeat(12_000),
      "* a *".repeat(2400),
    ])
      parseMarkdown(text);
    expect(performance.now() - start).toBeLessThan(2500);
  });
});
