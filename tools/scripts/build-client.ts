/** `npm run build:client`: what package.json exports, into `dist`. */
import { join } from "node:path";
import { buildClientPackage } from "./client-package.ts";

await buildClientPackage(join(import.meta.dirname, "../../dist"));
