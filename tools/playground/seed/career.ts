import type { SeedRow } from "./seed-row.ts";

const row =
  (entityType: SeedRow["entityType"]) =>
  (id: string, values: SeedRow["values"]): SeedRow => ({ entityType, id, values });
const experience = row("experience");
const education = row("education");
const certification = row("certification");

export const experiences: SeedRow[] = [
  experience("harbour-atlas-1", {
    company: "Harbour Atlas",
    role: "Principal engineer",
    start_date: "2025-04",
    location: "Lisbon",
    summary: "Leads the engineering of a live picture of coastal traffic: positions, berths and weather in one place.",
    technologies: ["TypeScript", "Cloudflare Workers", "PostGIS", "MapLibre"],
    highlights: ["Moved ingestion to the edge in one quarter", "Mentors six engineers"],
  }),
  experience("papertrail-library-1", {
    company: "Papertrail Library",
    role: "Staff engineer",
    start_date: "2023-01",
    end_date: "2025-03",
    location: "Remote",
    summary: "Rebuilt search and booking for a network of public libraries, together with the people who use them.",
    technologies: ["TypeScript", "Python", "Vector search", "Next.js"],
    highlights: ["Introduced weekly usability sessions", "Retired four servers and a mainframe export"],
  }),
  experience("tidewater-energy-1", {
    company: "Tidewater Energy",
    role: "Platform engineer",
    start_date: "2020-09",
    end_date: "2022-12",
    location: "Porto",
    summary: "Built the streaming platform that carries meter readings from the street to billing and forecasting.",
    technologies: ["Go", "Apache Kafka", "Kubernetes", "Python"],
    highlights: ["99.99 percent availability over two winters", "On-call pages down from 31 to 3 a month"],
  }),
  experience("mareia-health-1", {
    company: "Mareia Health",
    role: "Senior engineer",
    start_date: "2018-06",
    end_date: "2020-08",
    location: "Lisbon",
    summary: "Patient-facing applications for clinics: intake, appointments and results.",
    technologies: ["React", "GraphQL", "PostgreSQL", "Node.js"],
    highlights: ["Led the accessibility programme", "Passed two privacy audits"],
  }),
  experience("freightline-nine-1", {
    company: "Freightline Nine",
    role: "Full-stack engineer",
    start_date: "2016-04",
    end_date: "2018-05",
    location: "Rotterdam",
    summary: "Warehouse and shipment software, from the handheld scanner to the customer's tracking page.",
    technologies: ["Java", "Spring Boot", "TypeScript", "MySQL"],
    highlights: ["Introduced TypeScript to the front end", "Replaced nightly file transfers with events"],
  }),
  experience("lantern-studio-1", {
    company: "Lantern Studio",
    role: "Front-end engineer",
    start_date: "2014-09",
    end_date: "2016-03",
    location: "Rotterdam",
    summary: "Interactive graphics and campaign sites for newspapers, museums and charities.",
    technologies: ["JavaScript", "D3", "Sass", "Node.js"],
    highlights: ["Graphics shown on two front pages"],
  }),
  experience("nordhavn-lab-1", {
    company: "Nordhavn Institute of Technology",
    role: "Research assistant",
    start_date: "2013-01",
    end_date: "2014-06",
    location: "Nordhavn",
    summary:
      "Measured how replicated stores behave when networks fail in part, and wrote the harness that made them fail.",
    technologies: ["Java", "Bash", "PostgreSQL"],
    highlights: ["Harness adopted by two other groups"],
  }),
  experience("kiosk-and-company-1", {
    company: "Kiosk and Company",
    role: "Web developer, part-time",
    start_date: "2010-06",
    end_date: "2012-08",
    location: "Almadar",
    summary: "Shops and sites for small businesses, next to the studies.",
    technologies: ["HTML", "CSS", "JavaScript", "MySQL"],
    highlights: ["Twenty-three sites delivered", "First steps with automated backups"],
  }),
];

export const educations: SeedRow[] = [
  education("almadar-bsc-1", {
    institution: "Almadar University",
    degree: "BSc",
    field_of_study: "Computer science",
    start_date: "2009-09",
    end_date: "2012-06",
    grade: "17/20",
    courses: ["Algorithms", "Databases", "Operating systems", "Human-computer interaction"],
    summary: "Final project: a bus timetable that works by text message.",
  }),
  education("nordhavn-msc-1", {
    institution: "Nordhavn Institute of Technology",
    degree: "MSc",
    field_of_study: "Distributed systems",
    start_date: "2012-09",
    end_date: "2014-06",
    grade: "With distinction",
    courses: ["Consensus", "Compilers", "Performance engineering", "Cryptography"],
    summary: "Thesis on detecting stale reads from the outside of a replicated store.",
  }),
  education("cartographia-certificate-1", {
    institution: "Cartographia School of Design",
    degree: "Certificate",
    field_of_study: "Information design and cartography",
    start_date: "2017-10",
    end_date: "2018-03",
    courses: ["Map projections", "Typography", "Colour for data"],
    summary: "Evening course; the final map of river ferries was exhibited for a month.",
  }),
  education("porto-azul-diploma-1", {
    institution: "Porto Azul College",
    degree: "Postgraduate diploma",
    field_of_study: "Applied machine learning",
    start_date: "2020-10",
    end_date: "2021-07",
    grade: "18/20",
    courses: ["Statistical learning", "Time series", "Evaluation and fairness"],
    summary: "Part-time; project on demand forecasts that know when they do not know.",
  }),
];

export const certifications: SeedRow[] = [
  certification("cloud-architect-1", {
    name: "Certified Cloud Architect",
    issuer: "Open Cloud Guild",
    issued_date: "2024-10",
    expires_date: "2027-10",
    credential_url: "https://guild.example.com/credentials/nv-2024-1187",
    summary: "Networks, storage, identity and cost.",
  }),
  certification("accessibility-specialist-1", {
    name: "Web Accessibility Specialist",
    issuer: "Institute for Inclusive Interfaces",
    issued_date: "2019-11",
    credential_url: "https://inclusive.example.com/registry/48213",
    summary: "Standards, assistive technology and audits with users.",
  }),
  certification("kubernetes-operator-1", {
    name: "Cluster Operations Practitioner",
    issuer: "Open Cloud Guild",
    issued_date: "2021-05",
    expires_date: "2024-05",
    credential_url: "https://guild.example.com/credentials/nv-2021-0312",
    summary: "Scheduling, upgrades and recovery of Kubernetes clusters.",
  }),
];

export const profiles: SeedRow[] = [
  {
    entityType: "profile",
    id: "noor-vega-1",
    values: {
      name: "Noor Vega",
      headline: "Principal engineer for maps, streams and interfaces that everyone can use",
      email: "noor@example.com",
      phone: "+351 000 000 000",
      location: "Lisbon",
      website: "https://noor.example.com",
      languages: ["English", "Portuguese", "Dutch"],
      summary:
        "Twelve years of building for the web, from election graphics to smart meters and harbours. Likes small teams, " +
        "measured performance, and software that keeps its promises when the network does not.",
    },
  },
];
