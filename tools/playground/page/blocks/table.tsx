import type { DataTableBlock, TableBlock } from "@slack/types";
import type { ReactNode } from "react";
import { RichText } from "../text/rich-text-view.tsx";

type Cell = TableBlock["rows"][number][number];

const cellView = (cell: Cell): ReactNode => (cell.type === "rich_text" ? <RichText block={cell} /> : cell.text);

/** The first row is the header, as in Slack. */
export const Table = ({ block }: { block: TableBlock | DataTableBlock }): ReactNode => {
  const [header = [], ...rows] = block.rows;
  const settings = block.type === "table" ? (block.column_settings ?? []) : [];
  const classOf = (column: number): string =>
    `align-${settings[column]?.align ?? "left"}${settings[column]?.is_wrapped ? " wrapped" : ""}`;
  return (
    <div
      className="table-scroll"
      tabIndex={0}
      role="region"
      aria-label={block.type === "data_table" ? block.caption : "Table"}
    >
      <table className="block-table">
        {block.type === "data_table" && <caption>{block.caption}</caption>}
        <thead>
          <tr>
            {header.map((cell, column) => (
              <th key={column} scope="col" className={classOf(column)}>
                {cellView(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {row.map((cell, column) => (
                <td key={column} className={classOf(column)}>
                  {cellView(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
