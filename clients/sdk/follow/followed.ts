/** What a subscription follows, in the form of the caller and of the protocol. */
import { type LiveEvent, type Subject, maxSubscriptions } from "../../../shared/contract/live.ts";

/** Everything in the workspace, one commit, one job; or several of them, whose events come in one order. */
export type Followed = Subject | readonly Subject[];

/** @throws RangeError for an empty list, or for more subjects than one connection allows */
export const subjectsOf = (followed: Followed): Subject[] => {
  const subjects = [followed].flat();
  if (subjects.length === 0 || subjects.length > maxSubscriptions) {
    throw new RangeError(`Follow 1 to ${maxSubscriptions} subjects; { workspace: true } is one`);
  }
  return subjects;
};

export const isAbout = (subjects: readonly Subject[], event: Pick<LiveEvent, "jobId" | "commit">): boolean =>
  subjects.some((subject) => {
    if ("jobId" in subject) return event.jobId === subject.jobId;
    return "commit" in subject ? event.commit === subject.commit : true;
  });
