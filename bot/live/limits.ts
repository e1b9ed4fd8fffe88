/** Events that a client gets within any second. Missed events come as fast as the client reads. */
export const eventsPerSecond = 20;

/** Newest events in memory, the queue of every client that is up to date. A client that falls out of it is too slow. */
export const maxLoggedEvents = 1000;
export const eventsPerPage = 200;
/** How long D1 may take for one read: a read without an end would stop every client. */
export const readTimeoutMs = 10_000;

/** After so many events the server sends `sync`. */
export const syncEvery = 256;
/** Events that may be sent without an answer to `sync`. */
export const maxUnsynced = 2048;
export const syncTimeoutMs = 30_000;

/** Unread events of one stream. */
export const maxUnread = 64;
export const unreadTimeoutMs = 30_000;

/** Connections of one workspace at a time. */
export const maxConnections = 1000;
/** Of one person, with all their tokens. A browser has one for each of its windows. */
export const maxConnectionsOfPerson = 50;

/** Messages that a client may send at once, and how many more each second. */
export const messageBurst = 200;
export const messagesPerSecond = 10;
/** Of one message; the longest useful one names a hundred jobs. */
export const maxCharacters = 16_384;
export const maxMalformed = 10;
