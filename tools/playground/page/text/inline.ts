/** The inline pieces that mrkdwn, markdown and rich text have in common. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "bold" | "italic" | "strike" | "underline"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; url: string; children: Inline[] }
  | { type: "user"; id: string; label: string | null }
  | { type: "channel"; id: string; label: string | null }
  | { type: "broadcast"; range: string }
  | { type: "date"; timestampSeconds: number; format: string; url: string | null; fallback: string }
  | { type: "emoji"; name: string }
  | { type: "break" };

/** Appends text, joining it to a text before it. */
export const pushText = (nodes: Inline[], text: string): void => {
  if (text === "") return;
  const last = nodes.at(-1);
  if (last?.type === "text") last.text += text;
  else nodes.push({ type: "text", text });
};

const safeUrl = /^(https?:\/\/|mailto:|tel:)/i;

/** Only addresses that cannot run code become links. */
export const isSafeUrl = (url: string): boolean => safeUrl.test(url);
