import { defineEntity, present, sentences, textOf } from "./entity.ts";
import { field } from "./field.ts";

export const profile = defineEntity({
  type: "profile",
  label: "Profile",
  plural: "Profiles",
  fields: {
    name: field.text("Name", '"Noor Vega"', { required: true }),
    headline: field.text("Headline", '"Engineer for the web"', { required: true, maxLength: 160 }),
    email: field.email("Email", "noor@example.com"),
    phone: field.text("Phone", '"+351 000 000"', { maxLength: 40 }),
    location: field.text("Place", "Lisbon"),
    website: field.url("Website", "https://example.com"),
    languages: field.list("Languages", "Portuguese,English", { itemMaxLength: 75 }),
    summary: field.multiline("Summary", '"Ten years of building for the web"'),
  },
  displayName: (values) => textOf(values["name"]),
  embeddingText: (values) =>
    sentences(
      ["", values["name"]],
      ["", values["headline"]],
      ["", values["summary"]],
      ["Place", values["location"]],
      ["Languages", values["languages"]],
    ),
  jsonResume: (values) => ({
    section: "basics",
    item: present({
      name: values["name"],
      label: values["headline"],
      email: values["email"],
      phone: values["phone"],
      url: values["website"],
      summary: values["summary"],
    }),
  }),
});
