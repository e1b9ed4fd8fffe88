/** The one rule for ids of rows, for what comes in: typed, in a request, in a target's answer. */
export const maxRowIdLength = 200;

/** As it stands in messages, after "must have". */
export const rowIdRule = `1 to ${maxRowIdLength} visible characters, and no space at its ends`;

/** Control characters, lone surrogates, and what is invisible: marks of direction, joiners, fillers. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Ids belong to the services: `c++`, `名前/1 x` and `a,b` are as good as `python-1`. */
export const isRowId = (text: string): boolean =>
  text !== "" && text.length <= maxRowIdLength && text === text.trim() && !unseen.test(text);
