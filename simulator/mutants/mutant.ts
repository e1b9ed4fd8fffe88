/** A seeded bug: the machinery that looks for bugs has to find it. */
export interface Mutant {
  name: string;
  /** Path in the repository. */
  file: string;
  /** Stands in the file exactly once. */
  text: string;
  replacement: string;
}

/** Throws when the text is not there exactly once: the product has changed, and the mutant has to follow. */
export const mutated = (source: string, { name, file, text, replacement }: Mutant): string => {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in ${file}`);
  return parts.join(replacement);
};
