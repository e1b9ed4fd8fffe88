/** What a person wrote, out of what Slack makes of it: its entities undone, typographic quotes straightened. */

/**
 * `<@U1|avery>` → `U1`, `<https://x>` → `https://x`, `<mailto:a@b|a@b>` → `a@b`, `&amp;` → `&`. Slack turns a typed
 * `socket.io` into `<http://socket.io|socket.io>`: what the person typed is the label.
 */
export const undoEntities = (typed: string): string =>
  typed
    .replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_entity, target: string, label: string | undefined) => {
      if (/^[@#]/.test(target)) return target.slice(1);
      if (target.startsWith("mailto:")) return label ?? target.slice("mailto:".length);
      if (label && target === `http://${label}`) return label;
      return target;
    })
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");

export const straightQuotes = (typed: string): string => typed.replace(/[“”„‟«»]/g, '"').replace(/[‘’‚‛]/g, "'");
