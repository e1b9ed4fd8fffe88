/** Every text in a message, wherever it stands, one a line. */
export const textsOf = (value: unknown): string => {
  const texts: string[] = [];
  const visit = (inner: unknown): void => {
    if (Array.isArray(inner)) inner.forEach(visit);
    else if (inner !== null && typeof inner === "object") {
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

/** The texts in which Slack gives `<…>` a meaning: mrkdwn and the fallback. */
export const mrkdwnOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf);
  if (value === null || typeof value !== "object") return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = typeof text === "string" && (type === "mrkdwn" || type === undefined) ? [text] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnOf)];
};
