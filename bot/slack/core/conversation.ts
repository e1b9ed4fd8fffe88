/** A group direct message has the id of a channel, and this name: nobody else can look there. */
const isGroup = (name: string | null | undefined): boolean => name?.startsWith("mpdm-") === true;

/** A channel in which others see what stands there; null for direct messages. */
export const channelOf = (conversationId: string | undefined, name?: string | null): string | null =>
  conversationId !== undefined && /^[CG]/.test(conversationId) && !isGroup(name) ? conversationId : null;
