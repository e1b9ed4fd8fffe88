import type { Block, KnownBlock } from "@slack/types";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { BlockList } from "./block-list.tsx";
import { SurfaceProvider, type Surface } from "./surface.tsx";

const surface: Surface = {
  values: {},
  isPending: () => false,
  keep: () => undefined,
  choose: () => Promise.resolve(),
  press: () => Promise.resolve(),
  loadOptions: () => Promise.resolve({ options: [], error: null }),
};
const html = (...blocks: (KnownBlock | Block)[]): string =>
  renderToStaticMarkup(
    <SurfaceProvider value={surface}>
      <BlockList blocks={blocks} />
    </SurfaceProvider>,
  );
const plain = (text: string) => ({ type: "plain_text" as const, text });

describe("blocks", () => {
  test("the local Slack names a block that it cannot draw", () => {
    expect(html({ type: "hologram" })).toContain("Unsupported block <code>hologram</code>");
  });

  test("the local Slack shows the status of a task in words", () => {
    const task = (task_id: string, status: "pending" | "in_progress" | "complete" | "error") => ({
      type: "task_card" as const,
      task_id,
      title: task_id,
      status,
    });
    const markup = html({
      type: "plan",
      title: "Push",
      tasks: [task("a", "complete"), task("b", "in_progress"), task("c", "pending"), task("d", "error")],
    });
    for (const words of ["Complete", "In progress", "Pending", "Failed", "1 of 4"]) expect(markup).toContain(words);
  });

  test("the local Slack opens a button's address only when it cannot run code", () => {
    const button = (url: string): string =>
      html({ type: "actions", elements: [{ type: "button", action_id: "a", text: plain("Go"), url }] });
    expect(button("https://example.com")).toContain('href="https://example.com"');
    expect(button("javascript:alert(1)")).not.toContain("javascript");
  });

  test("the local Slack shows the first row of a table as its header", () => {
    const cell = (text: string) => ({ type: "raw_text" as const, text });
    expect(html({ type: "table", rows: [[cell("Field")], [cell("name")]] })).toMatch(
      /<th [^>]*>Field<\/th>.*<td [^>]*>name<\/td>/,
    );
  });

  test("the local Slack labels inputs and marks optional ones", () => {
    const markup = html({
      type: "input",
      block_id: "b",
      label: plain("Name"),
      optional: true,
      hint: plain("short"),
      element: { type: "plain_text_input", action_id: "a" },
    });
    expect(markup).toContain('aria-label="Name"');
    expect(markup).toContain("(optional)");
    expect(markup).toContain("short");
  });
});
