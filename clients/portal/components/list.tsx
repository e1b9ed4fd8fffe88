import type { ReactNode } from "react";

interface ListProps<T> {
  as?: "ul" | "ol";
  className: string;
  testId?: string;
  items: readonly T[];
  /** Null shows nothing. */
  empty: string | null;
  children: (item: T) => ReactNode;
}

/** A list, or the sentence that stands in for an empty one. */
export const List = <T,>({ as: Tag = "ul", className, testId, items, empty, children }: ListProps<T>): ReactNode => {
  if (items.length === 0) return empty !== null && <p className="empty">{empty}</p>;
  return (
    <Tag className={className} data-testid={testId}>
      {items.map((item) => children(item))}
    </Tag>
  );
};
