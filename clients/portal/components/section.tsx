import { type ReactNode, useId } from "react";

interface SectionProps {
  as?: "section" | "aside";
  title: string;
  /** For links to it. */
  id?: string;
  /** Shown beside the title, unless it is 0. */
  count?: number;
  /** At the end of the heading's line. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a page that its heading names. */
export const Section = ({
  as: Tag = "section",
  title,
  id: anchor,
  count = 0,
  aside,
  children,
}: SectionProps): ReactNode => {
  const id = useId();
  return (
    <Tag aria-labelledby={id} id={anchor}>
      <header className="section-head">
        <h2 id={id}>
          {title} {count > 0 && <span className="count">{count}</span>}
        </h2>
        {aside}
      </header>
      {children}
    </Tag>
  );
};
