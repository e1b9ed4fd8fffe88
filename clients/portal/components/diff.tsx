import type { ReactNode } from "react";
import type { ApiOperation } from "../../../shared/contract/resources.ts";
import { diffItems } from "../../../shared/domain/staging/diff-items.ts";
import type { Piece } from "../../../shared/domain/staging/diff-words.ts";
import { itemText } from "../../../shared/domain/staging/list-text.ts";
import { labelsOf } from "../data/labels.ts";
import { textDiff } from "../messages/text-diff.ts";
import { valueText } from "../messages/format.ts";
import { Icon } from "./icon.tsx";

type Operation = Pick<ApiOperation, "action" | "entityType" | "base" | "diff">;
type FieldDiff = ApiOperation["diff"][number];

const tags = { same: "span", removed: "del", added: "ins" } as const;

const itemSigns = { same: "", removed: "− ", added: "+ " } as const;

const actions = {
  CREATE: { sign: "+", label: "Add", tone: "good" },
  UPDATE: { sign: "~", label: "Change", tone: "busy" },
  DELETE: { sign: "−", label: "Remove", tone: "bad" },
} as const;

export const ActionSign = ({ action }: { action: ApiOperation["action"] }): ReactNode => (
  <span className={`sign ${actions[action].tone}`} title={actions[action].label}>
    <span aria-hidden="true">{actions[action].sign}</span>
    <span className="unseen">{actions[action].label}</span>
  </span>
);

/** Each changed field, before and after. */
export const FieldDiffs = ({ action, entityType, base, diff }: Operation): ReactNode => {
  const { labelOf } = labelsOf(entityType);
  if (diff.length === 0)
    return (
      <p className="fine">{action === "DELETE" ? "The whole row is removed." : "The row already has these values."}</p>
    );
  return (
    <dl className="diff">
      {diff.map((field) => (
        <div key={field.field} className="diff-row">
          <dt>{labelOf(field.field)}</dt>
          <dd>
            <FieldChange {...field} isUnknown={action === "UPDATE" && base !== "row"} />
          </dd>
        </div>
      ))}
    </dl>
  );
};

const FieldChange = ({ before, after, isUnknown }: FieldDiff & { isUnknown: boolean }): ReactNode => {
  if (isUnknown)
    return (
      <>
        <span className="fine">unknown</span> <Icon name="arrow" /> <ins>{valueText(after)}</ins>
      </>
    );
  if (before === null) return <ins>{valueText(after)}</ins>;
  if (after === null) return <del>{valueText(before)}</del>;
  const items = diffItems(before, after);
  if (items) return <ItemChanges items={items} />;
  const [old, now] = [valueText(before), valueText(after)];
  const pieces = textDiff(old, now);
  if (!pieces)
    return (
      <>
        <del>{old}</del> <Icon name="arrow" /> <ins>{now}</ins>
      </>
    );
  return pieces.map(({ text, is }, index) => {
    const Tag = tags[is];
    return <Tag key={index}>{text}</Tag>;
  });
};

/** A list, item by item. */
const ItemChanges = ({ items }: { items: readonly Piece[] }): ReactNode => (
  <ul className="diff-items">
    {items.map(({ text, is }, index) => {
      const Tag = tags[is];
      return (
        <li key={index}>
          <Tag>
            {itemSigns[is]}
            {itemText(text)}
          </Tag>
        </li>
      );
    })}
  </ul>
);

/** "Technology · python-1" */
export const RowKind = ({ entityType, entityId }: { entityType: string; entityId: string }): ReactNode => (
  <span className="fine row-kind">
    {labelsOf(entityType).kind} · {entityId}
  </span>
);
