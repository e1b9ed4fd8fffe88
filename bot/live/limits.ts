/** What one object and one client may cost. */

/** Events a client gets within any second, once it is up to date. Older ones, which it has asked for, come as fast as it reads. */
export const eventsPerSecond = 20;

/** Newest events that an object holds: the queue of every client that is up to date. Who falls out of it is too slow. */
export const maxHeldEvents = 1000;
/** Events in one read of D1. */
export const eventsPerPage = 200;
/** How long D1 may take for it: a read that never comes back would keep everybody waiting. */
export const readTimeoutMs = 10_000;

/** After so many events a client is asked how far it has come … */
export const syncEvery = 256;
/** … gets so many more than it has answered for … */
export const maxUnsynced = 2048;
/** … and is then waited for so long. */
export const syncTimeoutMs = 30_000;

/** Events that wait for a reader of a stream. */
export const maxUnread = 64;
export const unreadTimeoutMs = 30_000;

/** Connections of one workspace at a time. */
export const maxConnections = 1000;

/** Texts that a client may send at once, and how many more each second. */
export const messageBurst = 200;
export const messagesPerSecond = 10;
/** Of a text; the longest that makes sense names a hundred jobs. */
export const maxCharacters = 16_384;
/** Texts that are no message, after which the client is closed. */
export const maxMalformed = 10;
