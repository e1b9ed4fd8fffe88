import { expect, it } from "vitest";
import { commandText, messageText } from "./composer.ts";
import { workspaces } from "./workspace.ts";

it.each([
  ["stage a < b && c > d", "stage a &lt; b &amp;&amp; c &gt; d"],
  ["ask @avery in #portfolio", "ask <@U0AVERY01|avery> in <#C0PORTFOL1|portfolio>"],
  ["ask @nobody in #nowhere", "ask @nobody in #nowhere"],
  ["mail@avery is no mention", "mail@avery is no mention"],
  ["url=https://a.test/x?a=1&b=2", "url=<https://a.test/x?a=1&amp;b=2>"],
  ["<https://a.test>", "&lt;<https://a.test>&gt;"],
  ["email=noor@example.com", "email=<mailto:noor@example.com|noor@example.com>"],
  ["name=socket.io years=8.5", "name=<http://socket.io|socket.io> years=8.5"],
  ["name=Node.js push 1", "name=Node.js push 1"],
  ["say “hello”", "say “hello”"],
])("the composer sends %s as Slack does", (typed, sent) => {
  expect(commandText(workspaces[0], typed)).toBe(sent);
});

it("the composer sends a mention in a message without its name", () => {
  expect(messageText(workspaces[0], "hello @cvops")).toBe("hello <@U0CVOPSBOT>");
});
