import { BaseSequencer, type TestSpecification } from "vitest/node";
import { first } from "./stories.ts";

/** The stories begin; the files of each other project follow each other, the longest first. */
export class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's
    const sorted = await super.sort(files);
    const isStory = ({ project }: TestSpecification): boolean => project.name === first;
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}
