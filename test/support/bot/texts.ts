/** Every text in a message, wherever it stands, one a line; formatted text with the marks that mrkdwn has for it. */
export const textsOf = (value: unknown): string => {
  const texts: string[] = [];
  const visit = (inner: unknown): void => {
    if (Array.isArray(inner)) inner.forEach(visit);
    else if (isObject(inner)) {
      const line = richLine(inner);
      if (line !== null) {
        texts.push(line);
        return;
      }
      for (const [field, content] of Object.entries(inner)) {
        if (typeof content === "string") {
          if (field === "text" || field === "title") texts.push(content);
        } else visit(content);
      }
    }
  };
  visit(value);
  return texts.join("\n");
};

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A paragraph of a rich text, or a row of a table, as one line. */
const richLine = (value: Json): string | null => {
  if (value["type"] === "rich_text_section") return list(value["elements"]).map(marked).join("");
  if ((value["type"] === "table" || value["type"] === "data_table") && Array.isArray(value["rows"]))
    return value["rows"].map((row) => list(row).map(textsOf).join(" | ")).join("\n");
  return null;
};

const marks = { strike: "~", bold: "*", italic: "_", code: "`" } as const;

const marked = (part: Json): string => {
  if (part["type"] === "emoji") return `:${String(part["name"])}:`;
  const style = isObject(part["style"]) ? part["style"] : {};
  return Object.entries(marks).reduce(
    (text, [name, mark]) => (style[name] === true ? `${mark}${text}${mark}` : text),
    typeof part["text"] === "string" ? part["text"] : "",
  );
};

/** The texts in which Slack gives `<…>` a meaning: mrkdwn and the fallback. */
export const mrkdwnOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf);
  if (value === null || typeof value !== "object") return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = typeof text === "string" && (type === "mrkdwn" || type === undefined) ? [text] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnOf)];
};
