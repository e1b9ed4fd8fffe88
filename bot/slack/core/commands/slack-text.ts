/**
 * What a person wrote, out of what Slack makes of it (docs.slack.dev, "Retrieving messages": mentions, links, dates).
 * Each entity of Slack's stands for two things: the words that people see, and who or what is meant.
 */

interface Entity {
  /** As people see it in prose: `@avery`, `#portfolio`, the label of a link. */
  label: string;
  /** An id or an address. */
  meant: string;
  isLink: boolean;
}

const readEntity = (target: string, label: string | undefined): Entity => {
  const kind = target[0] ?? "";
  if (kind === "@" || kind === "#") {
    const id = target.slice(1);
    return { label: `${kind}${label || id}`, meant: id, isLink: false };
  }
  if (kind === "!") {
    const [, groupId] = /^!subteam\^([A-Z0-9]+)$/.exec(target) ?? [];
    if (groupId !== undefined) return { label: withAt(label || groupId), meant: groupId, isLink: false };
    // A date has its words as label; `<!here>` and its like stand for everybody.
    const words = target.startsWith("!date") ? label || target : withAt(label || target.slice(1));
    return { label: words, meant: words, isLink: false };
  }
  const [, scheme = "", address = ""] = /^(mailto|tel):([\s\S]*)$/.exec(target) ?? [];
  if (scheme !== "") return { label: label || address, meant: label || address, isLink: false };
  // Slack turns a typed `socket.io` into `<http://socket.io|socket.io>`: what the person typed is the label.
  const meant = label !== undefined && target === `http://${label}` ? label : target;
  return { label: label || target, meant, isLink: true };
};

const withAt = (name: string): string => (name.startsWith("@") ? name : `@${name}`);

const unescaped = (text: string): string => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** A line whose entities are set aside as `<0>`, `<1>` …: nothing in them is a space, a quote or a dash of the line. */
export interface Line {
  text: string;
  entities: readonly Entity[];
}

export const setEntitiesAside = (typed: string): Line => {
  const entities: Entity[] = [];
  const text = typed.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_entity, target: string, label: string | undefined) => {
    entities.push(readEntity(target, label));
    return `<${entities.length - 1}>`;
  });
  return { text, entities };
};

const withEntities = (part: string, entities: readonly Entity[], as: "label" | "meant"): string =>
  unescaped(part.replace(/<(\d+)>/g, (whole, index: string) => entities[Number(index)]?.[as] ?? whole));

/** Part of a line as people read it. */
export const proseOf = (part: string, { entities }: Line): string => withEntities(part, entities, "label");

/** Part of a line as the ids and addresses that are meant. */
export const meantBy = (part: string, { entities }: Line): string => withEntities(part, entities, "meant");

/** Whether a part is nothing but one link: then its address is the value, not its label. */
export const isLink = (part: string, { entities }: Line): boolean => {
  const [, index] = /^<(\d+)>$/.exec(part) ?? [];
  return index !== undefined && entities[Number(index)]?.isLink === true;
};

/** A text as people read it: `<@U1|avery>` is `@avery`, `<https://x|a page>` is `a page`, `&amp;` is `&`. */
export const asProse = (typed: string): string => {
  const line = setEntitiesAside(typed);
  return proseOf(line.text, line);
};
