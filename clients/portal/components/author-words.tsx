import type { ReactNode } from "react";
import { quotation } from "../../../shared/messages/en/commits.ts";
import { MessageText } from "./message-text.tsx";
import { Person } from "./person.tsx";

/** What an author wrote, as a quotation: it never stands for what a commit does. */
export const AuthorWords = ({ author, words, about }: { author: string; words: string; about?: string }): ReactNode => (
  <p className="message">
    <Person id={author} /> wrote{about === undefined ? "" : ` about ${about}`}:{" "}
    <q className="words">
      <MessageText message={quotation(words, 500).slice(1, -1)} />
    </q>
  </p>
);
