/** `npm run build:client`: what package.json exports, into `dist`. */
import { dirname, join } from "node:path";
import { buildClientPackage } from "./client-package.ts";

await buildClientPackage(join(dirname(import.meta.dirname), "dist"));
