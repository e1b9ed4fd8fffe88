import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextList } from "@slack/types";
import type { ReactNode } from "react";
import { pushText, type Inline } from "./inline.ts";
import { InlineView } from "./inline-view.tsx";

type Unstyled = Exclude<RichTextElement, { type: "color" }>;

const plainNode = (element: Unstyled): Inline[] => {
  switch (element.type) {
    case "text":
      return element.text
        .split("\n")
        .flatMap((text, index): Inline[] =>
          index === 0 ? [{ type: "text", text }] : [{ type: "break" }, { type: "text", text }],
        );
    case "link":
      return [{ type: "link", url: element.url, children: [{ type: "text", text: element.text ?? element.url }] }];
    case "emoji":
      return [{ type: "emoji", name: element.name }];
    case "user":
      return [{ type: "user", id: element.user_id, label: null }];
    case "channel":
      return [{ type: "channel", id: element.channel_id, label: null }];
    case "broadcast":
      return [{ type: "broadcast", range: element.range }];
    case "date":
      return [
        {
          type: "date",
          timestampSeconds: element.timestamp,
          format: element.format,
          url: element.url ?? null,
          fallback: element.fallback ?? String(element.timestamp),
        },
      ];
    case "team":
      return [{ type: "text", text: element.team_id }];
    case "usergroup":
      return [{ type: "text", text: `@${element.usergroup_id}` }];
  }
};

const plainText = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) =>
      node.type === "text" || node.type === "code" ? node.text : "children" in node ? plainText(node.children) : "",
    )
    .join("");

/** The element with its styles around it, the outermost last. */
export const richInline = (element: RichTextElement): Inline[] => {
  if (element.type === "color") return [{ type: "code", text: element.value }];
  const style = element.style ?? {};
  let nodes = plainNode(element);
  if (style.code && element.type === "text") nodes = [{ type: "code", text: plainText(nodes) }];
  if (style.underline) nodes = [{ type: "underline", children: nodes }];
  if (style.strike) nodes = [{ type: "strike", children: nodes }];
  if (style.italic) nodes = [{ type: "italic", children: nodes }];
  if (style.bold) nodes = [{ type: "bold", children: nodes }];
  return nodes;
};

const joined = (elements: readonly RichTextElement[]): Inline[] => {
  const nodes: Inline[] = [];
  for (const node of elements.flatMap(richInline)) {
    if (node.type === "text") pushText(nodes, node.text);
    else nodes.push(node);
  }
  return nodes;
};

const indents = [
  "indent-0",
  "indent-1",
  "indent-2",
  "indent-3",
  "indent-4",
  "indent-5",
  "indent-6",
  "indent-7",
  "indent-8",
];

const listView = (list: RichTextList): ReactNode => {
  const items = list.elements.map((item, index) => (
    <li key={index}>
      <InlineView nodes={joined(item.elements)} />
    </li>
  ));
  const className = indents[Math.min(list.indent ?? 0, 8)];
  return list.style === "ordered" ? <ol className={className}>{items}</ol> : <ul className={className}>{items}</ul>;
};

const partView = (part: RichTextBlockElement): ReactNode => {
  switch (part.type) {
    case "rich_text_section":
      return (
        <p>
          <InlineView nodes={joined(part.elements)} />
        </p>
      );
    case "rich_text_quote":
      return (
        <blockquote>
          <InlineView nodes={joined(part.elements)} />
        </blockquote>
      );
    case "rich_text_preformatted":
      return (
        <pre>
          <code>{plainText(part.elements.flatMap(richInline))}</code>
        </pre>
      );
    case "rich_text_list":
      return listView(part);
  }
};

const Part = ({ part }: { part: RichTextBlockElement }): ReactNode => partView(part);

export const RichText = ({ block }: { block: RichTextBlock }): ReactNode => (
  <div className="rich">
    {block.elements.map((part, index) => (
      <Part key={index} part={part} />
    ))}
  </div>
);
