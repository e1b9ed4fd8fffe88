/** The standard markdown of Slack's `markdown` block. Raw HTML stays text. */
import { lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { useMemo, type ReactNode } from "react";
import { InlineView } from "./inline-view.tsx";
import { isSafeUrl, type Inline } from "./inline.ts";
import { parsePlain } from "./mrkdwn.ts";

/** A line deeper in quotes and lists than any person writes; it stays text, as the parser's stack is not endless. */
const tooDeep = /^(?=(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){9})/gm;

const read = (text: string): Token[] => lexer(text.replace(tooDeep, "\\"), { gfm: true, breaks: true });

const inlineOf = (token: MarkedToken): Inline[] => {
  switch (token.type) {
    case "strong":
      return [{ type: "bold", children: inlines(token.tokens) }];
    case "em":
      return [{ type: "italic", children: inlines(token.tokens) }];
    case "del":
      return [{ type: "strike", children: inlines(token.tokens) }];
    case "codespan":
      return [{ type: "code", text: token.text }];
    case "br":
      return [{ type: "break" }];
    case "link":
    case "image":
      return isSafeUrl(token.href)
        ? [{ type: "link", url: token.href, children: inlines(token.tokens) }]
        : [{ type: "text", text: token.raw }];
    default:
      return parsePlain("text" in token ? token.text : token.raw);
  }
};

const inlines = (tokens: readonly Token[]): Inline[] => tokens.flatMap((token) => inlineOf(token as MarkedToken));

const Line = ({ of }: { of: readonly Token[] }): ReactNode => <InlineView nodes={inlines(of)} />;

const Item = ({ task, checked, tokens }: Tokens.ListItem): ReactNode => (
  <li className={task ? "todo" : undefined}>
    {task && <input type="checkbox" checked={checked} readOnly disabled aria-label={checked ? "done" : "open"} />}
    <Blocks of={tokens.filter(({ type }) => type !== "checkbox")} />
  </li>
);

const List = ({ ordered, start, items }: Tokens.List): ReactNode => {
  const shown = items.map((item, index) => <Item key={index} {...item} />);
  return ordered ? <ol start={Number(start)}>{shown}</ol> : <ul>{shown}</ul>;
};

const Table = ({ header, rows }: Tokens.Table): ReactNode => (
  <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
    <table className="block-table">
      <thead>
        <tr>
          {header.map(({ tokens }, index) => (
            <th key={index} scope="col">
              <Line of={tokens} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, rowIndex) => (
          <tr key={rowIndex}>
            {row.map(({ tokens }, index) => (
              <td key={index}>
                <Line of={tokens} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const blockView = (token: MarkedToken): ReactNode => {
  switch (token.type) {
    case "heading":
      return (
        <p
          className={`markdown-heading level-${Math.min(token.depth, 3)}`}
          role="heading"
          aria-level={Math.min(token.depth + 3, 6)}
        >
          <Line of={token.tokens} />
        </p>
      );
    case "paragraph":
      return (
        <p>
          <Line of={token.tokens} />
        </p>
      );
    case "code":
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case "hr":
      return <hr />;
    case "blockquote":
      return (
        <blockquote>
          <Blocks of={token.tokens} />
        </blockquote>
      );
    case "list":
      return <List {...token} />;
    case "table":
      return <Table {...token} />;
    case "space":
    case "def":
      return null;
    default:
      return <Line of={"tokens" in token && token.tokens ? token.tokens : [token]} />;
  }
};

const Blocks = ({ of }: { of: readonly Token[] }): ReactNode =>
  of.map((token, index) => <Block key={index} token={token as MarkedToken} />);

const Block = ({ token }: { token: MarkedToken }): ReactNode => blockView(token);

export const Markdown = ({ text }: { text: string }): ReactNode => {
  const tokens = useMemo(() => read(text), [text]);
  return (
    <div className="rich">
      <Blocks of={tokens} />
    </div>
  );
};
