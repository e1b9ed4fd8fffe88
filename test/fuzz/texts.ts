/** Texts similar to those that the parsers recognise. */
import fc from "fast-check";
import { mentions } from "../corpora/mentions.ts";

const marks = [
  ..."\"'“”‘’«»`\\=,-–—_*~<>&|#@!:;./?%()[]{}$ \t\n\r\u00a0\u200b\u202e\ufeff\u0000".split(""),
  "&lt;",
  "&gt;",
  "&amp;",
  "--",
  "-m",
  '\\"',
  "\\\\",
];
const words = [
  ..."stage update create delete technology project python-1 name experience_years 8 0 -1 1e9 true null help commit".split(
    " ",
  ),
  "--target",
  "--only",
  "--note=x",
  "name=Rust",
  'name="two words"',
  "don't",
  "#42",
  "<@U0CARLA01|carla>",
  "<http://socket.io|socket.io>",
  "<mailto:a@b.example|a@b.example>",
  "→",
  "👩‍👩‍👧",
];

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...marks) },
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom(...mentions.map(([text]) => text)) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
);

/** Any text that a user can type. */
export const typed = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join("")) },
  { weight: 3, arbitrary: fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(" ")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
);

/** A text of a field: no lone surrogates, which no encoding can carry. */
export const written = typed.map((text) => text.toWellFormed());
