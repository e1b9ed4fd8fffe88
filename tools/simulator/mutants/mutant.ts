/** A seeded bug, which the simulator has to find. */
export interface Mutant {
  name: string;
  patches: readonly Patch[];
  /** Consistent in itself: found only where the code without the bug serves as well, as during a deployment. */
  besidePrevious?: boolean;
}

interface Patch {
  /** Path in the repository. */
  file: string;
  /** Occurs in the file exactly once. */
  text: string;
  replacement: string;
}

/** A bug in one file. */
export const mutant = (name: string, file: string, text: string, replacement: string): Mutant => ({
  name,
  patches: [{ file, text, replacement }],
});

/** Applies the mutant to the file. Throws when a text does not occur once: update the mutant with the product. */
export const mutated = (source: string, file: string, { name, patches }: Mutant): string =>
  patches
    .filter((patch) => patch.file === file)
    .reduce((changed, { text, replacement }) => {
      const parts = changed.split(text);
      if (parts.length !== 2) throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in ${file}`);
      return parts.join(replacement);
    }, source);
