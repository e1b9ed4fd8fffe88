import { type ReactNode, useEffect, useRef } from "react";

/** The window's title follows; who comes by a link starts reading at the heading. */
export const Page = ({
  title,
  lead,
  aside,
  children,
}: {
  title: string;
  lead?: ReactNode;
  /** Beside the heading. */
  aside?: ReactNode;
  children: ReactNode;
}): ReactNode => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · CV Ops`;
  }, [title]);
  useEffect(() => {
    if (!hasNavigated) {
      hasNavigated = true;
      return;
    }
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  return (
    <>
      <header className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <div className="lead">{lead}</div>}
        </div>
        {aside}
      </header>
      {children}
    </>
  );
};

/** The first page of a visit keeps the focus where the browser puts it: before the link that skips to the content. */
let hasNavigated = false;
