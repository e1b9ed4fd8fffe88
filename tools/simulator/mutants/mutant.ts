/** A seeded bug: the machinery that looks for bugs has to find it. */
export interface Mutant {
  name: string;
  patches: readonly Patch[];
}

interface Patch {
  /** Path in the repository. */
  file: string;
  /** Stands in the file exactly once. */
  text: string;
  replacement: string;
}

/** A bug in one place. */
export const mutant = (name: string, file: string, text: string, replacement: string): Mutant => ({
  name,
  patches: [{ file, text, replacement }],
});

/** The file as the mutant has it. Throws when a text is not there exactly once: the product has changed, and the mutant has to follow. */
export const mutated = (source: string, file: string, { name, patches }: Mutant): string =>
  patches
    .filter((patch) => patch.file === file)
    .reduce((changed, { text, replacement }) => {
      const parts = changed.split(text);
      if (parts.length !== 2) throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in ${file}`);
      return parts.join(replacement);
    }, source);
