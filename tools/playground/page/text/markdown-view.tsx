import { useMemo, type ReactNode } from "react";
import { InlineView } from "./inline-view.tsx";
import { parseMarkdown, type MarkdownBlock, type MarkdownListItem } from "./markdown.ts";

const itemView = (item: MarkdownListItem, index: number): ReactNode => (
  <li key={index} className={`indent-${item.depth}${item.done === null ? "" : " todo"}`}>
    {item.done !== null && (
      <input type="checkbox" checked={item.done} readOnly disabled aria-label={item.done ? "done" : "open"} />
    )}
    <InlineView nodes={item.children} />
  </li>
);

const blockView = (block: MarkdownBlock): ReactNode => {
  switch (block.type) {
    case "heading":
      return (
        <p
          className={`markdown-heading level-${Math.min(block.level, 3)}`}
          role="heading"
          aria-level={Math.min(block.level + 3, 6)}
        >
          <InlineView nodes={block.children} />
        </p>
      );
    case "paragraph":
      return (
        <p>
          <InlineView nodes={block.children} />
        </p>
      );
    case "code":
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case "rule":
      return <hr />;
    case "quote":
      return (
        <blockquote>
          {block.children.map((child, index) => (
            <Part key={index} block={child} />
          ))}
        </blockquote>
      );
    case "list":
      return block.ordered ? (
        <ol start={block.start}>{block.items.map(itemView)}</ol>
      ) : (
        <ul>{block.items.map(itemView)}</ul>
      );
    case "table":
      return (
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
          <table className="block-table">
            <thead>
              <tr>
                {block.header.map((cell, index) => (
                  <th key={index} scope="col">
                    <InlineView nodes={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, rowIndex) => (
                <tr key={rowIndex}>
                  {row.map((cell, index) => (
                    <td key={index}>
                      <InlineView nodes={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
};

const Part = ({ block }: { block: MarkdownBlock }): ReactNode => blockView(block);

export const Markdown = ({ text }: { text: string }): ReactNode => {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div className="rich">
      {blocks.map((block, index) => (
        <Part key={index} block={block} />
      ))}
    </div>
  );
};
