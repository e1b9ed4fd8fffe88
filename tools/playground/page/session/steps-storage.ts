/** The progress of the first steps, kept by the browser: other tabs and other people share it. */
import { type Progress, noProgress, stepIds } from "../guide/steps.ts";

const storageKey = "cv-ops.steps";

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

/** What was reached in this life of the workspace. */
export const storedProgress = (life: string): Progress => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    if (typeof value !== "object" || value === null) return noProgress;
    const fields = new Map(Object.entries(value));
    if (fields.get("life") !== life) return noProgress;
    const done = textsOf(fields.get("done"));
    return { done: new Set(stepIds.filter((id) => done.includes(id))), failed: new Set(textsOf(fields.get("failed"))) };
  } catch {
    return noProgress;
  }
};

export const storeProgress = (life: string, { done, failed }: Progress): void =>
  localStorage.setItem(storageKey, JSON.stringify({ life, done: [...done], failed: [...failed] }));
