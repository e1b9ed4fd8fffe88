/** `npm run openapi`: writes docs/reference/openapi.json; with `--check` it fails where the file is out of date. */
import { openApiDocument } from "./openapi-document.ts";
import { writeGenerated } from "./generated-file.ts";

writeGenerated("docs/reference/openapi.json", `${JSON.stringify(openApiDocument(), null, 2)}\n`, "npm run openapi");
