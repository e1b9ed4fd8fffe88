/** Bolt's SocketModeReceiver imports this at module scope; a Worker gets requests. */
export class SocketModeClient {}
