import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  title: string;
  lead?: ReactNode;
  /** Content beside the heading. */
  aside?: ReactNode;
  children: ReactNode;
}

/** Sets the window's title and, after a navigation, moves the focus to the heading. */
export const Page = ({ title, lead, aside, children }: PageProps): ReactNode => {
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

/** The first page of a visit leaves the focus to the browser, before the link that skips to the content. */
let hasNavigated = false;
