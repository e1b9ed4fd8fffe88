import type { ReactNode } from "react";
import type { ApiPush } from "../../../shared/contract/resources.ts";
import { Progress } from "../components/progress.tsx";
import { jobFacts, jobPercent, jobStateText, jobTone } from "./job-state.ts";
import { isStoppedJob } from "../../../shared/domain/states.ts";

/** The targets of a push with their progress. */
export const Jobs = ({ push, isShort = false }: { push: ApiPush; isShort?: boolean }): ReactNode => (
  <ul className="jobs">
    {push.jobs.map((job) => (
      <li key={job.id} data-testid={`job-${job.target}`}>
        <Progress label={job.target} percent={jobPercent(job)} tone={jobTone(job)} note={jobStateText(job)} />
        {job.error !== null && isStoppedJob(job) && <p className="error">{job.error.message}</p>}
        {!isShort && jobFacts(job) !== "" && <p className="fine">{jobFacts(job)}</p>}
        {!isShort && job.attempt > 1 && <p className="fine">Attempt {job.attempt}</p>}
      </li>
    ))}
  </ul>
);
