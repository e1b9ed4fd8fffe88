/** What doctor says to type, for one production: the bot does not know the names of what it is made of. */

/** A remedy whose wrangler commands name queues and indexes as this production does. */
export const remedyIn = (name: string, remedy: string): string =>
  remedy.replace(/`npx wrangler [^`]*`/g, (command) => command.replaceAll(/(?<= )cv-ops(?=[- ])/g, name));

/** The commands in a remedy, as typed in a terminal. */
export const commandsIn = (remedy: string): string[] =>
  [...remedy.matchAll(/`((?:npx wrangler|npm run) [^`]*)`/g)].map(([, command = ""]) => command);
