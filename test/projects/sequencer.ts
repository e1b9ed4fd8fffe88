import { BaseSequencer, type TestSpecification } from "vitest/node";
import { guides } from "./guides.ts";
import { production } from "./production.ts";
import { stories } from "./stories.ts";

/** Their files take longest, and what is left for the end should be short: one core would wait for it. */
const early = [guides, production, stories].map(({ test }) => test?.name);

/** The guides and the stories begin, that of a production first; then each project, its longest file first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's
    const sorted = await super.sort(files);
    const isEarly = ({ project }: TestSpecification): boolean => early.includes(project.name);
    const begin = early.flatMap((name) => sorted.filter(({ project }) => project.name === name));
    return [...begin, ...sorted.filter((file) => !isEarly(file))];
  }
}
