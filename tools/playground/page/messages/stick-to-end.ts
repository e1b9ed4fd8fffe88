import { useCallback, useLayoutEffect, useRef, useState } from "react";

/** How near to the end, in pixels, still counts as reading the newest. */
const nearEndPx = 80;

/** Stays at the end while the reader is there; else counts what came below. */
export const useStickToEnd = (count: number, lastTs: string | undefined, linkedTs: string | null) => {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const last = useRef({ top: 0, height: 0 });
  const [unseen, setUnseen] = useState(0);
  const known = useRef(count);
  const toEnd = useCallback(() => {
    atEnd.current = true;
    setUnseen(0);
    const element = list.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    last.current = { top: element.scrollTop, height: element.scrollHeight };
  }, []);
  useLayoutEffect(() => {
    const added = count - known.current;
    known.current = count;
    if (atEnd.current) toEnd();
    else if (added > 0) setUnseen((before) => before + added);
  }, [count, lastTs, toEnd]);
  useLayoutEffect(() => {
    const element = list.current;
    const linked = linkedTs === null ? null : element?.querySelector(`[data-ts="${CSS.escape(linkedTs)}"]`);
    if (!element || !linked) return;
    atEnd.current = false;
    linked.scrollIntoView({ block: "center" });
    last.current = { top: element.scrollTop, height: element.scrollHeight };
  }, [linkedTs]);
  useLayoutEffect(() => {
    const element = list.current;
    const inner = element?.firstElementChild;
    if (!element || !inner) return;
    // Cards grow when they are edited, and the panel shrinks with the composer.
    const observer = new ResizeObserver(() => {
      last.current.height = element.scrollHeight;
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = useCallback(() => {
    const element = list.current;
    if (!element) return;
    const { scrollTop: top, scrollHeight: height } = element;
    if (height !== last.current.height) {
      // Content has changed, nobody has scrolled: the observer above keeps the end, this keeps any other place.
      if (!atEnd.current) element.scrollTop = last.current.top;
      last.current.height = height;
      return;
    }
    if (height - top - element.clientHeight < nearEndPx) {
      atEnd.current = true;
      setUnseen(0);
    } else if (top < last.current.top) atEnd.current = false;
    last.current.top = top;
  }, []);
  return { list, unseen, toEnd, onScroll };
};
