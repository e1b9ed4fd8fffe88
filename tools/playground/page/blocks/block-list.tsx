import type { ActionsBlock, Block, ContextBlock, ImageBlock, KnownBlock, SectionBlock } from "@slack/types";
import type { ReactNode } from "react";
import { Markdown } from "../text/markdown-view.tsx";
import { RichText } from "../text/rich-text-view.tsx";
import { Plain, TextView } from "../text/text-view.tsx";
import { ElementView } from "./element-view.tsx";
import { BlockImage } from "./image.tsx";
import { InputBlockView } from "./input-block.tsx";
import { Plan, TaskCard } from "./plan.tsx";
import { actionIdOf, blockIdOf } from "./state-values.ts";
import { Table } from "./table.tsx";
import { Unsupported } from "./unsupported.tsx";

const Section = ({ block, blockId }: { block: SectionBlock; blockId: string }): ReactNode => (
  <div className="block-section">
    <div className="section-text">
      {block.text && <TextView text={block.text} />}
      {block.fields && (
        <div className="fields">
          {block.fields.map((field, index) => (
            <div key={index}>
              <TextView text={field} />
            </div>
          ))}
        </div>
      )}
    </div>
    {block.accessory && (
      <div className="accessory">
        <ElementView
          element={block.accessory}
          address={{ blockId, actionId: actionIdOf(block.accessory, 0) }}
          dispatches
        />
      </div>
    )}
  </div>
);

const Actions = ({ block, blockId }: { block: ActionsBlock; blockId: string }): ReactNode => (
  <div className="block-actions">
    {block.elements.map((element, index) => {
      const actionId = actionIdOf(element, index);
      return <ElementView key={actionId} element={element} address={{ blockId, actionId }} dispatches />;
    })}
  </div>
);

const Context = ({ block }: { block: ContextBlock }): ReactNode => (
  <div className="block-context">
    {block.elements.map((element, index) =>
      element.type === "image" ? (
        <BlockImage key={index} image={element} className="context-image" />
      ) : (
        <span key={index}>
          <TextView text={element} />
        </span>
      ),
    )}
  </div>
);

const Picture = ({ block }: { block: ImageBlock }): ReactNode => (
  <figure className="block-image">
    {block.title && (
      <figcaption>
        <Plain text={block.title.text} />
      </figcaption>
    )}
    <BlockImage image={block} className="picture" />
  </figure>
);

const alertIcons = { default: "•", info: "ℹ", warning: "⚠", error: "⛔", success: "✓" } as const;

const blockView = (block: KnownBlock, blockId: string, error: string | undefined): ReactNode => {
  switch (block.type) {
    case "section":
      return <Section block={block} blockId={blockId} />;
    case "header":
      return (
        <div className="block-header" role="heading" aria-level={3}>
          <Plain text={block.text.text} />
        </div>
      );
    case "divider":
      return <hr className="block-divider" />;
    case "context":
      return <Context block={block} />;
    case "actions":
      return <Actions block={block} blockId={blockId} />;
    case "input":
      return <InputBlockView block={block} blockId={blockId} error={error} />;
    case "image":
      return <Picture block={block} />;
    case "rich_text":
      return <RichText block={block} />;
    case "markdown":
      return <Markdown text={block.text} />;
    case "table":
    case "data_table":
      return <Table block={block} />;
    case "plan":
      return <Plan block={block} />;
    case "task_card":
      return <TaskCard task={block} />;
    case "alert": {
      const level = block.level ?? "default";
      return (
        <div className={`alert ${level}`} role="status">
          <span aria-hidden="true">{alertIcons[level]}</span>
          <TextView text={block.text} />
        </div>
      );
    }
    default:
      return <Unsupported kind="block" type={block.type} />;
  }
};

/**
 * Inputs follow their id, so that the focus stays with them; all else follows its place, because an edited message
 * comes with new ids, and drawing it anew would move the page under the reader.
 */
const keyOf = (block: Block, blockId: string, index: number): string =>
  block.type === "input" ? blockId : `${index} ${block.type}`;

/** @param errors by block id, shown under input blocks */
export const BlockList = ({
  blocks,
  errors = {},
}: {
  blocks: readonly (KnownBlock | Block)[];
  errors?: Record<string, string>;
}): ReactNode =>
  blocks.map((block, index) => {
    const blockId = blockIdOf(block, index);
    return (
      <div key={keyOf(block, blockId, index)} className="block">
        {blockView(block as KnownBlock, blockId, errors[blockId])}
      </div>
    );
  });
