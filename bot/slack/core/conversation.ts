/** A group direct message has the id of a channel, and this name: nobody else can look there. */
const isGroup = (name: string | undefined): boolean => name !== undefined && name.startsWith("mpdm-");

/** A channel in which others see what stands there; null for direct messages. */
export const channelOf = (conversationId: string | undefined, name?: string): string | null =>
  conversationId !== undefined && /^[CG]/.test(conversationId) && !isGroup(name) ? conversationId : null;
