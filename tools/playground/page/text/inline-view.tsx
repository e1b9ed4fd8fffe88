import type { ReactNode } from "react";
import { formatSlackDate } from "./dates.ts";
import { useDirectory, type Directory } from "./directory.ts";
import { emojiOf } from "./emoji.ts";
import { isSafeUrl, type Inline } from "./inline.ts";

export const ExternalLink = ({ url, children }: { url: string; children: ReactNode }): ReactNode => {
  const { origin } = useDirectory();
  if (!isSafeUrl(url)) return children;
  const elsewhere = url.startsWith(`${origin}/archives/`) ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return (
    <a href={url} {...elsewhere}>
      {children}
    </a>
  );
};

const dateView = (node: Extract<Inline, { type: "date" }>, directory: Directory): ReactNode => {
  const shown = formatSlackDate(node.timestampSeconds, node.format, directory.reader());
  if (shown === null) return node.fallback;
  const time = <time dateTime={new Date(node.timestampSeconds * 1000).toISOString()}>{shown}</time>;
  return node.url ? <ExternalLink url={node.url}>{time}</ExternalLink> : time;
};

const nodeView = (node: Inline, directory: Directory): ReactNode => {
  switch (node.type) {
    case "text":
      return node.text;
    case "bold":
      return (
        <strong>
          <InlineView nodes={node.children} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <InlineView nodes={node.children} />
        </em>
      );
    case "strike":
      return (
        <s>
          <InlineView nodes={node.children} />
        </s>
      );
    case "underline":
      return (
        <u>
          <InlineView nodes={node.children} />
        </u>
      );
    case "code":
      return <code>{node.text}</code>;
    case "link":
      return (
        <ExternalLink url={node.url}>
          <InlineView nodes={node.children} />
        </ExternalLink>
      );
    case "user":
      return (
        <span className={node.id === directory.readerId ? "mention mention-me" : "mention"}>
          @{directory.personName(node.id) ?? node.label ?? node.id}
        </span>
      );
    case "channel":
      return <span className="mention">#{directory.channelName(node.id) ?? node.label ?? node.id}</span>;
    case "broadcast":
      return <span className="mention mention-me">@{node.range}</span>;
    case "date":
      return dateView(node, directory);
    case "emoji":
      return (
        <span className="emoji" role="img" aria-label={node.name.replaceAll("_", " ")} title={`:${node.name}:`}>
          {emojiOf(node.name) ?? `:${node.name}:`}
        </span>
      );
    case "break":
      return <br />;
  }
};

export const InlineView = ({ nodes }: { nodes: readonly Inline[] }): ReactNode => {
  const directory = useDirectory();
  return nodes.map((node, index) => <Piece key={index}>{nodeView(node, directory)}</Piece>);
};

const Piece = ({ children }: { children: ReactNode }): ReactNode => children;
