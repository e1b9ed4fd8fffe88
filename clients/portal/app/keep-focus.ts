/** Moves the focus to a neighbour when the focused element disappears, by an action of this person or of another. */
import { useEffect } from "react";

const headings = "h1, h2, h3";

export const useKeepFocus = (): void => {
  useEffect(() => {
    let last: { element: Element; around: Element[] } | null = null;
    const noted = ({ target }: FocusEvent): void => {
      if (target instanceof Element) last = { element: target, around: ancestorsOf(target) };
    };
    const observer = new MutationObserver(() => {
      if (last === null || last.element.isConnected || document.activeElement !== document.body) return;
      const place = last.around.find((element) => element.isConnected);
      last = null;
      focusHeading(place ?? document.body);
    });
    document.addEventListener("focusin", noted);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", noted);
      observer.disconnect();
    };
  }, []);
};

/** Candidates, nearest first. */
const ancestorsOf = (element: Element): Element[] => {
  const found: Element[] = [];
  for (let at = element.closest("li, section, main"); at; at = at.parentElement?.closest("li, section, main") ?? null)
    found.push(at);
  return found;
};

const focusHeading = (place: Element): void => {
  const heading = place.querySelector<HTMLElement>(headings);
  const link = heading?.querySelector<HTMLElement>("a");
  if (heading && !link) heading.tabIndex = -1;
  (link ?? heading)?.focus({ preventScroll: true });
};
