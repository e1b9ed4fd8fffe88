import { defineEntity, present, sentences, textOf } from "./entity.ts";
import { field } from "./field.ts";

export const certification = defineEntity({
  type: "certification",
  label: "Certification",
  plural: "Certifications",
  fields: {
    name: field.text("Name", '"Cloud Architect"', { required: true }),
    issuer: field.text("Issuer", '"Cloud Institute"', { required: true }),
    issued_date: field.date("Issued", "2023-11"),
    expires_date: field.date("Expires", "2026-11"),
    credential_url: field.url("Proof", "https://example.com/credential"),
    summary: field.multiline("Summary", '"Networks, storage and security"'),
  },
  periods: [["issued_date", "expires_date"]],
  displayName: (values) => textOf(values["name"]),
  embeddingText: (values) => sentences(["", values["name"]], ["Issuer", values["issuer"]], ["", values["summary"]]),
  jsonResume: (values) => ({
    section: "certificates",
    item: present({
      name: values["name"],
      issuer: values["issuer"],
      date: values["issued_date"],
      url: values["credential_url"],
    }),
  }),
});
