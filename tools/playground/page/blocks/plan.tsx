import type { PlanBlock, TaskCardBlock } from "@slack/types";
import type { ReactNode } from "react";
import { ExternalLink } from "../text/inline-view.tsx";
import { RichText } from "../text/rich-text-view.tsx";

const statusWords = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Failed" } as const;
const statusIcons = { pending: "", in_progress: "", complete: "✓", error: "!" } as const;

const isTask = (task: TaskCardBlock | Record<string, unknown>): task is TaskCardBlock =>
  typeof task["title"] === "string" && typeof task["status"] === "string" && task["status"] in statusWords;

export const TaskCard = ({ task }: { task: TaskCardBlock }): ReactNode => (
  <div className={`task ${task.status}`}>
    <span className="task-icon" aria-hidden="true">
      {statusIcons[task.status]}
    </span>
    <div className="task-body">
      <div className="task-title">
        <span>{task.title}</span> <span className="task-status">{statusWords[task.status]}</span>
      </div>
      {task.details && <RichText block={task.details} />}
      {task.output && (
        <div className="task-output">
          <RichText block={task.output} />
        </div>
      )}
      {task.sources && (
        <div className="task-sources">
          {task.sources.map((source) => (
            <ExternalLink key={source.url} url={source.url}>
              {source.text}
            </ExternalLink>
          ))}
        </div>
      )}
    </div>
  </div>
);

export const Plan = ({ block }: { block: PlanBlock }): ReactNode => {
  const tasks = (block.tasks ?? []).filter(isTask);
  const done = tasks.filter((task) => task.status === "complete").length;
  return (
    <section className="plan" aria-label={block.title}>
      <div className="plan-title">
        <span>{block.title}</span>
        <span className="plan-count">
          {done} of {tasks.length}
        </span>
      </div>
      {tasks.map((task) => (
        <TaskCard key={task.task_id} task={task} />
      ))}
    </section>
  );
};
