/** What to look for in the portfolio, for whoever came by clicking. */
import { searchReply } from "./search-reply.ts";
import { input, textInput } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";

/** As long as a target takes it. */
const maxQueryLength = 200;

export const searchView = () =>
  formView({
    name: "search",
    title: "Search the portfolio",
    submit: "Search",
    blocks: [
      input(
        { id: "query", label: "What are you looking for?", hint: "Found by meaning: words need not stand in the row." },
        textInput({ maxLength: maxQueryLength, placeholder: "machine learning" }),
      ),
    ],
  });

export const searchModal: Modal = {
  name: "search",
  submit: async ({ ctx, values }) => {
    const query = textIn(values, "query");
    return query === "" ? { errors: { query: "Say what to look for." } } : searchReply(ctx, query);
  },
};
