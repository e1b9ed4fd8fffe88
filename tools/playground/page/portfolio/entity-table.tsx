import type { ReactNode } from "react";
import { entityOf, type EntityType } from "../../../../shared/domain/portfolio/registry.ts";
import type { FieldValue } from "../../../../shared/domain/portfolio/entity.ts";
import { formatSlackDate } from "../text/dates.ts";
import { useDirectory } from "../text/directory.ts";
import type { Row, Table } from "./portfolio-data.ts";

const isFieldValue = (value: unknown): value is FieldValue =>
  value === null ||
  ["string", "number", "boolean"].includes(typeof value) ||
  (Array.isArray(value) && value.every((each) => typeof each === "string"));

const fieldValues = (row: Row): Record<string, FieldValue> =>
  Object.fromEntries(
    Object.entries(row.values).flatMap(([name, value]): [string, FieldValue][] =>
      isFieldValue(value) ? [[name, value]] : [],
    ),
  );

const cellText = (value: FieldValue | undefined): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
};

const DeletedAt = ({ at }: { at: string }): ReactNode => {
  const { reader } = useDirectory();
  const shown = formatSlackDate(Date.parse(at) / 1000, "{date_short_pretty} {time}", reader());
  return (
    <time className="deleted-at" dateTime={at}>
      deleted {shown ? shown.charAt(0).toLowerCase() + shown.slice(1) : at}
    </time>
  );
};

const EntityRow = ({
  row,
  type,
  columns,
  changed,
}: {
  row: Row;
  type: EntityType;
  columns: string[];
  changed: boolean;
}): ReactNode => {
  const values = fieldValues(row);
  const name = entityOf(type).displayName(values) || row.id;
  return (
    <tr className={`${row.deletedAt ? "deleted" : ""}${changed ? " changed" : ""}`} data-row={row.id}>
      <th scope="row">
        <span className="row-name">{name}</span>
        <code>{row.id}</code>
        {row.deletedAt && <DeletedAt at={row.deletedAt} />}
      </th>
      {columns.map((column) => {
        const text = cellText(values[column]);
        return (
          <td key={column} title={text.length > 30 ? text : undefined}>
            {text}
          </td>
        );
      })}
      <td className="version" title={row.version}>
        {row.version.slice(0, 8)}
      </td>
    </tr>
  );
};

/** @param loads counts reloads, so that a row that changes again is highlighted again */
export const EntityTable = ({
  table,
  type,
  loads,
}: {
  table: Table | undefined;
  type: EntityType;
  loads: number;
}): ReactNode => {
  if (!table) return <p className="empty">Loading…</p>;
  if ("error" in table)
    return (
      <p className="empty" role="alert">
        ⚠ {table.error}
      </p>
    );
  if (table.rows.length === 0) return <p className="empty">No rows.</p>;
  const { fields } = entityOf(type);
  // What the first column already says is not repeated.
  const columns = Object.keys(fields).filter((name) => name !== "name");
  // What just changed comes first, where it is visible.
  const rows = table.rows.toSorted(
    (one, other) => Number(table.changed.has(other.id)) - Number(table.changed.has(one.id)),
  );
  return (
    <div className="table-scroll portfolio-table" tabIndex={0} role="region" aria-label={`Rows of ${type}`}>
      <table className="block-table">
        <thead>
          <tr>
            <th scope="col">{entityOf(type).label}</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {fields[name]?.label ?? name}
              </th>
            ))}
            <th scope="col">Version</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <EntityRow
              key={`${row.id} ${table.changed.has(row.id) ? loads : ""}`}
              row={row}
              type={type}
              columns={columns}
              changed={table.changed.has(row.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
};
