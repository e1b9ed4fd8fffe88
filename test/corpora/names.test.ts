import { describe, expect, test } from "vitest";
import { takeText } from "../../shared/domain/unseen.ts";
import { namesOfPeople, textsOfOthers } from "./names.ts";

describe("other people's texts", () => {
  test.each([...namesOfPeople, ...textsOfOthers])("a name or a text as people write it is taken: %s", (text) => {
    expect(takeText(text)).toEqual({ ok: true, value: text.normalize("NFC") });
  });
});
