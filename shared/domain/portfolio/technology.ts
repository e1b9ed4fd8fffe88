import { defineEntity, present, sentences, textOf } from "./entity.ts";
import { field } from "./field.ts";

export const technology = defineEntity({
  type: "technology",
  label: "Technology",
  plural: "Technologies",
  fields: {
    name: field.text("Name", "Rust", { required: true, maxLength: 80 }),
    category: field.select(
      "Category",
      ["Backend", "Frontend", "Database", "Cloud", "DevOps", "Data", "AI", "Mobile", "Testing", "Tools", "Language"],
      { required: true },
    ),
    experience_years: field.number(
      "Years of experience",
      "8",
      { min: 0, max: 60 },
      {
        units: ["years", "year", "yrs", "yr", "y"],
      },
    ),
    proficiency_percent: field.integer(
      "Proficiency in percent",
      "80",
      { min: 0, max: 100 },
      {
        units: ["%", "percent"],
      },
    ),
    level: field.select("Level", ["Beginner", "Intermediate", "Advanced", "Expert"]),
    is_featured: field.boolean("Shown first"),
    summary: field.multiline("Summary", '"Services and command-line tools"'),
  },
  displayName: (values) => textOf(values["name"]),
  embeddingText: (values) =>
    sentences(
      ["", values["name"]],
      ["Category", values["category"]],
      ["Level", values["level"]],
      ["Years of experience", values["experience_years"]],
      ["", values["summary"]],
    ),
  jsonResume: (values) => ({
    section: "skills",
    item: present({ name: values["name"], level: values["level"], keywords: [textOf(values["category"])] }),
  }),
});
