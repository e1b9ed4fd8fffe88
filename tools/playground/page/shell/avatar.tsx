import type { ReactNode } from "react";
import type { Person } from "../../client-protocol.ts";

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join("")
    .toUpperCase();

export const Avatar = ({ person, size }: { person: Person | null; size: "tiny" | "small" | "large" }): ReactNode => (
  <span
    className={`avatar ${size}${person?.is_bot ? " bot" : ""}`}
    style={{ backgroundColor: person?.color ?? "#6b6b7b" }}
    aria-hidden="true"
  >
    {person === null ? "S" : person.is_bot && person.title === "app" ? "⌘" : initials(person.real_name)}
  </span>
);
