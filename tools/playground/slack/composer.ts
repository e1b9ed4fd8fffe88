/** What Slack makes of typed text before an app gets it. */
import type { Slack } from "./slack.ts";

type Named = Pick<Slack["own"], "people" | "channels">;

const escapeMarkup = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const mention = ({ people, channels }: Named, whole: string, sign: string, name: string, withName: boolean): string => {
  const person = sign === "@" ? people.find((one) => one.name === name) : undefined;
  const channel = sign === "#" ? channels.find((one) => one.name === name) : undefined;
  if (person) return withName ? `<@${person.id}|${person.name}>` : `<@${person.id}>`;
  if (channel) return `<#${channel.id}|${channel.name}>`;
  return whole;
};

/** An address of the web, of mail, or a bare domain as Slack's client recognises it. */
const linkPattern =
  /(https?:\/\/(?:(?!&[lg]t;)[^\s"'“”‘’])+)|(?<![\w@./-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<![\w@./-])((?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|ai|co|me|pt)(?:\/[^\s"'“”‘’]*)?)(?![\w.-])/gi;

const link = (whole: string, address?: string, email?: string, domain?: string): string => {
  if (address) return `<${address}>`;
  if (email) return `<mailto:${email}|${email}>`;
  return domain ? `<http://${domain}|${domain}>` : whole;
};

const convert = (named: Named, text: string, withName: boolean): string =>
  escapeMarkup(text)
    .replaceAll(linkPattern, (whole, address?: string, email?: string, domain?: string) =>
      link(whole, address, email, domain),
    )
    .replaceAll(/(?<![\w<|&/])([@#])([a-z0-9._-]*[a-z0-9])/g, (whole, sign: string, name: string) =>
      mention(named, whole, sign, name, withName),
    );

/** Text after a slash command, for an app with "Escape channels, users, and links" on. */
export const commandText = (own: Named, typed: string): string => convert(own, typed, true);

/** A typed message. */
export const messageText = (own: Named, typed: string): string => convert(own, typed, false);
