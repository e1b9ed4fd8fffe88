import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { DirectoryContext, type Directory } from "./directory.ts";
import { parseInline, parseMrkdwn } from "./mrkdwn.ts";
import { Mrkdwn, Plain } from "./text-view.tsx";

const directory: Directory = {
  personName: (id) => (id === "U0AVERY01" ? "Avery Lindqvist" : null),
  channelName: (id) => (id === "C0PORTFOL1" ? "portfolio" : null),
  readerId: "U0AVERY01",
  reader: () => ({ zone: "Europe/Lisbon", nowMs: Date.UTC(2026, 10, 23, 12), hour12: true }),
  origin: "http://localhost:8787",
};

const html = (text: string): string =>
  renderToStaticMarkup(
    <DirectoryContext value={directory}>
      <Mrkdwn text={text} />
    </DirectoryContext>,
  ).replace(/^<div class="rich">|<\/div>$/g, "");

describe("formatting", () => {
  test("mrkdwn draws bold, italic, strike and code, nested in each other", () => {
    expect(html("*bold _both ~all~_* `*code*`")).toBe(
      "<p><strong>bold <em>both <s>all</s></em></strong> <code>*code*</code></p>",
    );
  });

  test("mrkdwn leaves marks inside words, around spaces and without a partner alone", () => {
    for (const text of ["2*3*4", "snake_case_name", "a * b * c", "*open", "5 ~ 6", "**", "_ _"]) {
      expect(parseInline(text)).toEqual([{ type: "text", text }]);
    }
  });

  test("mrkdwn formats next to punctuation but not across line ends", () => {
    expect(html("(*yes*)!")).toBe("<p>(<strong>yes</strong>)!</p>");
    expect(html("*no\nno*")).toBe("<p>*no<br/>no*</p>");
  });

  test("mrkdwn does not end bold inside a code span or a link", () => {
    expect(html("*a `x*` b*")).toBe("<p><strong>a <code>x*</code> b</strong></p>");
    expect(html("*a <https://example.com/*|x> b*")).toContain("<strong>a <a ");
  });

  test("mrkdwn draws code blocks without formatting and keeps their lines", () => {
    expect(
      parseMrkdwn("before\n```\n*a*\n  &lt;b&gt;\n```\nafter").map((block) =>
        "text" in block ? block.text : block.type,
      ),
    ).toEqual(["paragraph", "*a*\n  <b>", "paragraph"]);
  });

  test("mrkdwn draws quotes, escaped ones and those of the rest included", () => {
    expect(html("> one\n&gt; two\nthree")).toBe("<blockquote><p>one<br/>two</p></blockquote><p>three</p>");
    expect(html("a\n>>> b\nc")).toBe("<p>a</p><blockquote><p>b<br/>c</p></blockquote>");
  });

  test("mrkdwn draws lists with their numbers", () => {
    expect(html("• one\n- *two*")).toBe("<ul><li>one</li><li><strong>two</strong></li></ul>");
    expect(html("3. three\n4. four")).toBe('<ol start="3"><li>three</li><li>four</li></ol>');
  });

  test("mrkdwn draws emoji and leaves unknown codes and times alone", () => {
    expect(html(":tada:")).toContain("🎉");
    expect(html(":nonsense: at 10:30:45")).toBe("<p>:nonsense: at 10:30:45</p>");
  });
});

describe("references", () => {
  test("mrkdwn names people and channels, and marks the reader", () => {
    expect(html("<@U0AVERY01>")).toBe('<p><span class="mention mention-me">@Avery Lindqvist</span></p>');
    expect(html("<@U0GONE|gone> <#C0PORTFOL1|old-name>")).toBe(
      '<p><span class="mention">@gone</span> <span class="mention">#portfolio</span></p>',
    );
    expect(html("<!here> <!subteam^S1|@team>")).toBe('<p><span class="mention mention-me">@here</span> @team</p>');
  });

  test("mrkdwn draws links with and without labels, and decodes their entities once", () => {
    expect(html("<https://example.com/?a=1&amp;b=2|A &amp; B>")).toBe(
      '<p><a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">A &amp; B</a></p>',
    );
    expect(html("see https://example.com/x.")).toContain(">https://example.com/x</a>.</p>");
  });

  test("mrkdwn keeps links to its own messages in the tab", () => {
    expect(html("<http://localhost:8787/archives/C1/p1|here>")).toBe(
      '<p><a href="http://localhost:8787/archives/C1/p1">here</a></p>',
    );
  });

  test("mrkdwn shows dates in the reader's zone, with a fallback", () => {
    const at = Date.UTC(2026, 10, 23, 10, 5) / 1000;
    expect(html(`<!date^${at}^{date_short_pretty} at {time}|soon>`)).toContain(">Today at 10:05 AM</time>");
    expect(html(`<!date^${at}^{mystery}|soon>`)).toBe("<p>soon</p>");
    expect(html("<!date^99999999999999^{date}|never>")).toBe("<p>never</p>");
    expect(html(`<!date^${at}^{date_num}^https://example.com|x>`)).toContain('<a href="https://example.com"');
  });
});

describe("hostile text", () => {
  test("mrkdwn shows HTML markup as text", () => {
    expect(html("<script>alert(1)</script>")).toBe("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
    expect(html("&lt;img src=x onerror=alert(1)&gt;")).toBe("<p>&lt;img src=x onerror=alert(1)&gt;</p>");
  });

  test("mrkdwn makes no link of an address that runs code", () => {
    for (const url of ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x"]) {
      expect(html(`<${url}|click>`)).not.toContain("<a");
    }
  });

  test("mrkdwn decodes entities once, so that escaped escapes stay", () => {
    expect(html("&amp;lt;b&amp;gt;")).toBe("<p>&amp;lt;b&amp;gt;</p>");
    expect(html("&lt;!channel&gt; &lt;@U0AVERY01&gt;")).toBe("<p>&lt;!channel&gt; &lt;@U0AVERY01&gt;</p>");
  });

  test("mrkdwn reads 12,000 nested or unclosed marks in time", () => {
    const start = performance.now();
    for (const text of [
      "*_".repeat(6000),
      " *a".repeat(4000),
      "<".repeat(12_000),
      "`".repeat(12_000),
      ">".repeat(12_000),
      ">>> ".repeat(3000),
    ])
      parseMrkdwn(text);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe("plain text", () => {
  test("plain text formats nothing but emoji and line ends", () => {
    expect(renderToStaticMarkup(<Plain text={"*a* <@U1>\n:tada:"} />)).toBe(
      '*a* &lt;@U1&gt;<br/><span class="emoji" role="img" aria-label="tada" title=":tada:">🎉</span>',
    );
    expect(renderToStaticMarkup(<Plain text=":tada:" emoji={false} />)).toBe(":tada:");
  });
});
