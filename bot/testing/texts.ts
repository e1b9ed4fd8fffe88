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
