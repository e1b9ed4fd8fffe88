import { Component, memo, useState, type ReactNode } from "react";
import type { Message, Person } from "../../client-protocol.ts";
import { BlockList } from "../blocks/block-list.tsx";
import { SurfaceProvider, useSurfaceOf } from "../blocks/surface.tsx";
import { Unsupported } from "../blocks/unsupported.tsx";
import { clockTime, formatSlackDate } from "../text/dates.ts";
import { useDirectory } from "../text/directory.ts";
import { Mrkdwn } from "../text/text-view.tsx";
import { Avatar } from "../shell/avatar.tsx";
import { MessageMenu } from "./message-menu.tsx";
import { isReply } from "./thread-of.ts";

/** A message that cannot be drawn must not take the page with it. */
class MessageBoundary extends Component<{ message: Message; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidUpdate(before: { message: Message }): void {
    if (this.state.broken && before.message !== this.props.message) this.setState({ broken: false });
  }

  override render(): ReactNode {
    return this.state.broken ? <Unsupported kind="block" type="malformed" /> : this.props.children;
  }
}

const Body = ({ message }: { message: Message }): ReactNode => {
  const [error, setError] = useState<string | null>(null);
  const surface = useSurfaceOf({ type: "message", channel: message.channel, ts: message.ts }, message.blocks, setError);
  if (message.deleted) return <p className="tombstone">This message was deleted.</p>;
  return (
    <SurfaceProvider value={surface}>
      {message.blocks.length > 0 ? <BlockList blocks={message.blocks} /> : <Mrkdwn text={message.text} />}
      {error && (
        <div className="message-error" role="alert">
          <span aria-hidden="true">⚠</span> {error}
          <button type="button" className="link-button" onClick={() => setError(null)}>
            Dismiss
          </button>
        </div>
      )}
    </SurfaceProvider>
  );
};

export interface ThreadSummary {
  count: number;
  lastTs: string | null;
  people: Person[];
}

const ThreadBar = ({ thread, onOpen }: { thread: ThreadSummary; onOpen: () => void }): ReactNode => {
  const { reader } = useDirectory();
  const last =
    thread.lastTs === null ? null : formatSlackDate(Number(thread.lastTs), "{date_short_pretty} at {time}", reader());
  return (
    <button type="button" className="thread-bar" data-testid="open-thread" onClick={onOpen}>
      <span className="thread-faces">
        {thread.people.map((person) => (
          <Avatar key={person.id} person={person} size="tiny" />
        ))}
      </span>
      <span className="thread-count">
        {thread.count} {thread.count === 1 ? "reply" : "replies"}
      </span>
      {last && <span className="thread-last">Last reply {last.charAt(0).toLowerCase() + last.slice(1)}</span>}
      <span className="thread-go" aria-hidden="true">
        ›
      </span>
    </button>
  );
};

export interface MessageViewProps {
  message: Message;
  author: Person | null;
  /** Follows a message of the same person, so that name and avatar are left out. */
  compact: boolean;
  thread: ThreadSummary | null;
  /** The message that a permalink led to. */
  linked: boolean;
  onOpenThread: ((ts: string) => void) | null;
  onDismiss: (key: string) => void;
}

export const MessageView = memo(
  ({ message, author, compact, thread, linked, onOpenThread, onDismiss }: MessageViewProps): ReactNode => {
    const { reader } = useDirectory();
    const time = clockTime(message.ts, reader());
    const name = author?.real_name ?? message.user;
    const isPrivate = message.ephemeral_for !== null;
    const threadTs = message.thread_ts ?? message.ts;
    return (
      <article
        className={`message${compact ? " compact" : ""}${isPrivate ? " private" : ""}${linked ? " linked" : ""}`}
        data-testid="message"
        data-ts={message.ts}
        aria-label={`${name}, ${time}`}
      >
        <div className="gutter">
          {compact ? (
            <span className="hover-time">{time.replace(/ [AP]M$/, "")}</span>
          ) : (
            <Avatar person={author} size="large" />
          )}
        </div>
        <div className="content">
          {isPrivate && (
            <div className="private-note">
              <span aria-hidden="true">◉</span> Only visible to you
            </div>
          )}
          {!compact && (
            <div className="byline">
              <span className="author">{name}</span>
              {author?.is_bot && <span className="app-badge">APP</span>}
              <time className="time" dateTime={new Date(Number(message.ts) * 1000).toISOString()}>
                {time}
              </time>
            </div>
          )}
          {onOpenThread && isReply(message) && (
            <div className="replied">
              replied to{" "}
              <button type="button" className="link-button" onClick={() => onOpenThread(threadTs)}>
                a thread
              </button>
            </div>
          )}
          <MessageBoundary message={message}>
            <Body message={message} />
          </MessageBoundary>
          {message.edited_ts !== null && <span className="edited">(edited)</span>}
          {isPrivate && (
            <button type="button" className="link-button dismiss" onClick={() => onDismiss(message.ts)}>
              Dismiss message
            </button>
          )}
          {thread && thread.count > 0 && onOpenThread && (
            <ThreadBar thread={thread} onOpen={() => onOpenThread(message.ts)} />
          )}
        </div>
        {!isPrivate && !message.deleted && (
          <div className="hover-tools">
            {onOpenThread && (
              <button
                type="button"
                className="icon-button"
                aria-label="Reply in thread"
                title="Reply in thread"
                onClick={() => onOpenThread(threadTs)}
              >
                💬
              </button>
            )}
            <MessageMenu message={message} />
          </div>
        )}
      </article>
    );
  },
);
