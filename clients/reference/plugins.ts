/** What is other than Swagger UI has it by itself (swagger.io/docs/open-source-tools/swagger-ui/customization). */
import type { Map as Tags, List, Operation, Plugin } from "./swagger-ui.d.ts";

const textOf = (operation: Operation): string =>
  [
    operation.get("method"),
    operation.get("path"),
    operation.getIn(["operation", "operationId"]),
    operation.getIn(["operation", "summary"]),
    operation.getIn(["operation", "description"]),
  ]
    .join(" ")
    .toLowerCase();

/** Finds operations by their address, their name, and what is said about them: every word has to be there. */
export const search: Plugin = () => ({
  fn: {
    opsFilter: (tags: Tags, phrase: string): Tags => {
      const words = phrase.toLowerCase().split(/\s+/);
      const fits = (operation: Operation): boolean => words.every((word) => textOf(operation).includes(word));
      return tags
        .map((tag) => tag.update("operations", (operations: List) => operations.filter(fits)))
        .filter((tag) => tag.get("operations").size > 0);
    },
  },
});

/** For keyboards and screen readers: no link inside a button, no select without a name, code that can be scrolled. */
export const accessible: Plugin = ({ React: { createElement } }) => ({
  components: {
    DeepLink: ({ text }) => createElement("span", null, text),
    // There is one server, at which the page itself is.
    ServersContainer: () => null,
  },
  wrapComponents: {
    HighlightCode: (Original) => (props) =>
      createElement(
        "div",
        { className: "code", role: "region", "aria-label": "Code", tabIndex: 0 },
        createElement(Original, props),
      ),
  },
});
