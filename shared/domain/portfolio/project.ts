import { defineEntity, present, sentences, textOf } from "./entity.ts";
import { field } from "./field.ts";

export const project = defineEntity({
  type: "project",
  label: "Project",
  plural: "Projects",
  fields: {
    name: field.text("Name", '"Tide tables"', { required: true }),
    description: field.multiline("Description", '"Forecasts for small harbours"', { required: true }),
    role: field.text("Role", '"Lead engineer"'),
    url: field.url("Address", "https://example.com"),
    repository_url: field.url("Source code", "https://example.com/source"),
    start_date: field.date("Start", "2024-05"),
    end_date: field.date("End", "2025-01"),
    technologies: field.list("Technologies", "Rust,SQLite", { itemMaxLength: 75 }),
    highlights: field.list("Highlights", '"Halved the load time,Zero downtime"'),
  },
  periods: [["start_date", "end_date"]],
  displayName: (values) => textOf(values["name"]),
  embeddingText: (values) =>
    sentences(
      ["", values["name"]],
      ["", values["description"]],
      ["Role", values["role"]],
      ["Technologies", values["technologies"]],
      ["Highlights", values["highlights"]],
    ),
  jsonResume: (values) => ({
    section: "projects",
    item: present({
      name: values["name"],
      description: values["description"],
      roles: values["role"] ? [textOf(values["role"])] : null,
      url: values["url"],
      startDate: values["start_date"],
      endDate: values["end_date"],
      keywords: values["technologies"],
      highlights: values["highlights"],
    }),
  }),
});
