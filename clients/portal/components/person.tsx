import type { ReactNode } from "react";
import { usePeople } from "../data/people.ts";

export const Person = ({ id }: { id: string }): ReactNode => <span className="person">{usePeople().nameOf(id)}</span>;
