import type { TextObject } from "@slack/types";
import { useMemo, type ReactNode } from "react";
import { InlineView } from "./inline-view.tsx";
import { parseMrkdwn, parsePlain, type MrkdwnBlock } from "./mrkdwn.ts";

const blockView = (block: MrkdwnBlock): ReactNode => {
  switch (block.type) {
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
    case "quote":
      return (
        <blockquote>
          <MrkdwnBlocks blocks={block.children} />
        </blockquote>
      );
    case "list": {
      const items = block.items.map((item, index) => (
        <li key={index}>
          <InlineView nodes={item} />
        </li>
      ));
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
  }
};

const MrkdwnBlocks = ({ blocks }: { blocks: MrkdwnBlock[] }): ReactNode =>
  blocks.map((block, index) => <Part key={index} block={block} />);

const Part = ({ block }: { block: MrkdwnBlock }): ReactNode => blockView(block);

export const Mrkdwn = ({ text }: { text: string }): ReactNode => {
  const blocks = useMemo(() => parseMrkdwn(text), [text]);
  return (
    <div className="rich">
      <MrkdwnBlocks blocks={blocks} />
    </div>
  );
};

export const Plain = ({ text, emoji = true }: { text: string; emoji?: boolean }): ReactNode => {
  const nodes = useMemo(() => parsePlain(text, emoji), [text, emoji]);
  return <InlineView nodes={nodes} />;
};

export const TextView = ({ text }: { text: TextObject }): ReactNode =>
  text.type === "mrkdwn" ? <Mrkdwn text={text.text} /> : <Plain text={text.text} emoji={text.emoji ?? true} />;
