/** What went wrong, for a person at a page: the server explains itself to programs, and names people by their ids. */
import { ApiProblem } from "../../sdk/index.ts";
import { permissionWords } from "../../../shared/domain/workspace/permission-messages.ts";
import type { Permission } from "../../../shared/domain/workspace/roles.ts";
import { allOf, anyOf } from "./format.ts";

export interface Explained {
  words: string;
  /** What more is known, and by which trace whoever runs CV Ops finds it. */
  detail: string | null;
}

export const explainFailure = (error: unknown, nameOf: (userId: string) => string): Explained => {
  if (error instanceof ApiProblem) {
    return {
      words: refusalWords(error, nameOf) ?? error.message,
      detail: error.traceId === null ? null : `Trace ${error.traceId}`,
    };
  }
  return { words: error instanceof Error ? error.message : String(error), detail: null };
};

/** Null where the server's own words do for a person too. */
const refusalWords = ({ code, said }: ApiProblem, nameOf: (userId: string) => string): string | null => {
  const number = `commit #${String(said["number"])}`;
  const names = (field: string): string[] => {
    const value = said[field];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  const ask = (field: string): string =>
    names(field).length === 0
      ? "Nobody may: an admin gives somebody the role."
      : `Ask ${anyOf(names(field).map(nameOf))}.`;
  switch (code) {
    case "forbidden": {
      const may = permissionWords[said["permission"] as Permission] ?? "do that";
      return `Only ${article(String(said["needed"]))} may ${may}; you are ${article(String(said["role"]))}. ${ask("whoMay")}`;
    }
    case "self_approval":
      return `You wrote ${number}, so somebody else has to approve it. ${ask("reviewers")}`;
    case "already_approved":
      return `You have approved ${number}; it needs ${String(said["missing"])} more by others.`;
    case "not_approved":
      return said["review"] === "draft"
        ? `Nobody has been asked for review of ${number} yet.`
        : `${capitalized(number)} is ${String(said["review"]).replace("_", " ")}, not approved. ${ask("reviewers")}`;
    case "commit_changed":
      return `${capitalized(number)} has changed since you looked at it. Look at it again, then decide.`;
    case "not_author":
      return `That belongs to ${nameOf(String(said["author"]))}; only they or an admin may do it.`;
    case "nothing_staged":
      return "You have nothing staged.";
    case "message_required":
      return "Say in a few words what the commit does.";
    case "drifted":
      return `${String(said["target"])} has changed under ${number}, so nothing was sent. Reopen the commit to stage its changes again, and look at them.`;
    case "push_in_progress":
      return said["state"] === "timeout"
        ? `What became of ${number} at ${String(said["target"])} is not known yet: Retry asks, and tries again.`
        : `${capitalized(number)} is on its way to ${String(said["target"])}.`;
    case "already_applied":
      return `${capitalized(number)} is applied to ${allOf(names("targets"))} already.`;
    case "change_committed":
      return "That change is part of a commit by now: reopen the commit to edit it.";
    case "staged_for_deletion":
      return `${String(said["name"])} is staged for removal: remove that change first.`;
    case "row_not_found":
      return `There is no such row${names("suggestions").length > 0 ? `. Did you mean ${anyOf(names("suggestions"))}?` : "."}`;
    case "values_required":
      return "Change at least one field.";
    case "commit_not_found":
      return `There is no ${number}.`;
    case "unavailable":
      return "The database does not answer just now, so it is not known whether this was done. Try again: nothing is done twice.";
    default:
      return null;
  }
};

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
