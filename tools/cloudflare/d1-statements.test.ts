import { describe, expect, test } from "vitest";
import { statementsOf } from "./d1-statements.ts";

describe("D1's query endpoint cuts a text into statements", () => {
  test("statements end at semicolons outside of strings, names and comments", () => {
    expect(statementsOf(`CREATE TABLE a ("b;c"); -- d;e\nINSERT INTO a VALUES ('f;''g');\n/* h; */`)).toEqual([
      `CREATE TABLE a ("b;c")`,
      `-- d;e\nINSERT INTO a VALUES ('f;''g')`,
    ]);
  });

  test("a trigger with upper-case BEGIN and END stays in one piece", () => {
    const trigger = `CREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  UPDATE a SET b = 1;\n  UPDATE a SET c = 2;\nEND`;
    expect(statementsOf(`${trigger};\nSELECT 1;`)).toEqual([trigger, "SELECT 1"]);
  });

  test("the END of a CASE ends a trigger before its own END does", () => {
    const [first, second] = statementsOf(
      "CREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT CASE WHEN 1 THEN RAISE(ABORT, 'x') END; END;",
    );
    expect([first?.endsWith("END"), second]).toEqual([true, "END"]);
  });

  test("a trigger in small letters is cut at the first semicolon of its body", () => {
    expect(statementsOf("CREATE TRIGGER t AFTER INSERT ON a begin UPDATE a SET b = 1; end;")).toHaveLength(2);
  });

  test("a trigger with the line ends of Windows is cut, and one over several lines only where that is asked for", () => {
    const trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET b = 1;\nEND;";
    expect(statementsOf(trigger.replaceAll("\n", "\r\n"))).toHaveLength(2);
    expect([statementsOf(trigger), statementsOf(trigger, { oneLine: true })].map(({ length }) => length)).toEqual([
      1, 2,
    ]);
    expect(statementsOf(trigger.replaceAll("\n", " "), { oneLine: true })).toHaveLength(1);
  });

  test("a CASE outside of a trigger cuts nothing", () => {
    expect(statementsOf("SELECT CASE WHEN 1 THEN 2 END; SELECT 3")).toHaveLength(2);
  });
});
