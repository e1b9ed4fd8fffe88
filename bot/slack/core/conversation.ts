/** A channel in which others see what stands there; null for direct messages. */
export const channelOf = (conversationId: string | undefined): string | null =>
  conversationId !== undefined && /^[CG]/.test(conversationId) ? conversationId : null;
