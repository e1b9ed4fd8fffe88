import { defineEntity, present, sentences, textOf } from "./entity.ts";
import { field } from "./field.ts";

export const education = defineEntity({
  type: "education",
  label: "Education",
  plural: "Educations",
  fields: {
    institution: field.text("Institution", '"University of Porto"', { required: true }),
    degree: field.text("Degree", "MSc", { required: true }),
    field_of_study: field.text("Field of study", '"Computer science"'),
    start_date: field.date("Start", "2012"),
    end_date: field.date("End", "2017"),
    grade: field.text("Grade", "17/20", { maxLength: 40 }),
    courses: field.list("Courses", '"Compilers,Databases"', { itemMaxLength: 75 }),
    summary: field.multiline("Summary", '"Thesis on query planning"'),
  },
  periods: [["start_date", "end_date"]],
  displayName: (values) => `${textOf(values["degree"])}, ${textOf(values["institution"])}`,
  embeddingText: (values) =>
    sentences(
      ["", `${textOf(values["degree"])} at ${textOf(values["institution"])}`],
      ["Field of study", values["field_of_study"]],
      ["Courses", values["courses"]],
      ["", values["summary"]],
    ),
  jsonResume: (values) => ({
    section: "education",
    item: present({
      institution: values["institution"],
      studyType: values["degree"],
      area: values["field_of_study"],
      startDate: values["start_date"],
      endDate: values["end_date"],
      score: values["grade"],
      courses: values["courses"],
    }),
  }),
});
