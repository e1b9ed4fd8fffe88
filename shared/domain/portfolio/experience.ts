import { defineEntity, present, sentences, textOf } from "./entity.ts";
import { field } from "./field.ts";

export const experience = defineEntity({
  type: "experience",
  label: "Experience",
  plural: "Experiences",
  fields: {
    company: field.text("Company", '"Harbour Labs"', { required: true }),
    role: field.text("Role", '"Senior engineer"', { required: true }),
    start_date: field.date("Start", "2021-03", { required: true }),
    end_date: field.date("End", "2024-08", { hint: "a date like 2024-08; empty while it lasts" }),
    location: field.text("Place", "Lisbon"),
    summary: field.multiline("Summary", '"Built the booking platform"'),
    technologies: field.list("Technologies", "TypeScript,PostgreSQL", { itemMaxLength: 75 }),
    highlights: field.list("Highlights", '"Led a team of five"'),
  },
  periods: [["start_date", "end_date"]],
  displayName: (values) => `${textOf(values["role"])} at ${textOf(values["company"])}`,
  embeddingText: (values) =>
    sentences(
      ["", `${textOf(values["role"])} at ${textOf(values["company"])}`],
      ["", values["summary"]],
      ["Place", values["location"]],
      ["Technologies", values["technologies"]],
      ["Highlights", values["highlights"]],
    ),
  jsonResume: (values) => ({
    section: "work",
    item: present({
      name: values["company"],
      position: values["role"],
      startDate: values["start_date"],
      endDate: values["end_date"],
      location: values["location"],
      summary: values["summary"],
      highlights: values["highlights"],
    }),
  }),
});
