import { closest } from "../../../shared/domain/closest.ts";
import { type Role, includes } from "../../../shared/domain/roles.ts";
import { entities, entityOf, isEntityType } from "../../../shared/domain/entities/registry.ts";
import { listStaged } from "../../../shared/verbs/list-staged.ts";
import { context, header, listSections, section } from "../cards/blocks.ts";
import { quoted } from "../text.ts";
import { type Command, type Reply, refuse, say } from "./command.ts";

/** Help is written from the table that it is itself an entry of. */
export const createHelp = (table: () => readonly Command[]): Command => ({
  name: "help",
  usage: "[command|type]",
  summary: "Explains the commands, one command, or the fields of a type.",
  examples: ["/cv help", "/cv help stage", "/cv help technology"],
  role: "viewer",
  options: [],
  run: async ({ ctx, args }) => {
    const word = args.positionals[0]?.toLowerCase();
    if (word !== undefined) return helpFor(word, table());
    const listed = await listStaged(ctx);
    if (!listed.ok) return refuse(listed.reason);
    const { role } = listed.value.session;
    const mine = table().filter((command) => includes(role, command.role));
    const others = table().filter((command) => !includes(role, command.role));
    return {
      text: `Your role is ${role}. Commands: ${mine.map(({ name }) => `/cv ${name}`).join(", ")}`,
      blocks: [
        header("Change the portfolio like code: stage, commit, review, push"),
        ...listSections(
          mine.map((command) => `\`${`/cv ${command.name} ${command.usage}`.trim()}\`\n${command.summary}`),
        ),
        section(
          `*Try it*\n${firstSteps(role)
            .map((line) => `\`${line}\``)
            .join("\n")}`,
        ),
        context(
          `Your role here is *${role}*.${others.length > 0 ? ` Other roles also have ${others.map(({ name }) => name).join(", ")}.` : ""}  ·  \`/cv help stage\` explains a command, \`/cv help technology\` the fields of a type (${Object.keys(entities).join(", ")})`,
        ),
      ],
    };
  },
});

const firstSteps = (role: Role): string[] =>
  includes(role, "editor")
    ? ["/cv stage update technology python-1 experience_years=8", "/cv staged", '/cv commit -m "Skill updates"']
    : ["/cv staged", "/cv commits", "/cv status"];

const helpFor = (word: string, table: readonly Command[]): Reply => {
  const command = table.find(({ name }) => name === word);
  if (command) {
    const options = command.options.map(
      ({ name, short, value }) => `\`--${name}\`${short ? ` or \`-${short}\`` : ""}${value ? `: ${value}` : ""}`,
    );
    return say(
      [
        `*\`${`/cv ${command.name} ${command.usage}`.trim()}\`*`,
        command.summary,
        ...command.examples.map((example) => `>\`${example}\``),
        ...(options.length > 0 ? [`Options: ${options.join(", ")}`] : []),
        `For ${command.role}s${command.role === "admin" ? "" : " and roles above"}.`,
      ].join("\n"),
    );
  }
  if (isEntityType(word)) {
    const entity = entityOf(word);
    const fields = Object.entries(entity.fields).map(
      ([name, field]) =>
        `\`${name}\`${field.required ? " (required)" : ""}: ${field.hint}, such as \`${name}=${field.example}\``,
    );
    return { text: `Fields of ${word}`, blocks: [section(`*Fields of ${word}*`), ...listSections(fields)] };
  }
  const near = closest(word, [...table.map(({ name }) => name), ...Object.keys(entities)]);
  return say(
    `:warning: There is no command or type \`${quoted(word, 40)}\`. ${near ? `Did you mean \`/cv help ${near}\`?` : "`/cv help` lists the commands."}`,
  );
};
