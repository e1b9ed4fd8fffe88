/** Adds a target; its secrets are typed here only, and shown nowhere. */
import { maxPortfolioIdLength } from "../../../shared/domain/pushes/target-name.ts";
import { addTarget } from "../../../shared/use-cases/targets/add-target.ts";
import { refuse } from "../core/reply.ts";
import { input, option, select, textInput } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";
import { secretError, secretInputs, secretsIn } from "./secret-fields.ts";
import { addedReply } from "./targets-reply.ts";

const maxUrlLength = 2000;

/** @param services the operator's, by name */
export const addTargetView = (services: readonly string[]) =>
  formView({
    name: "add-target",
    title: "Add a target",
    submit: "Test and add",
    blocks: [
      input(
        { id: "name", label: "Name", hint: "As it calls itself: a-z, 0-9 and hyphens." },
        textInput({ maxLength: 40, placeholder: "archive" }),
      ),
      input(
        { id: "alias", label: "Short name", hint: "What people may type for the name.", optional: true },
        textInput({ maxLength: 40 }),
      ),
      input(
        { id: "portfolio", label: "Portfolio", hint: "By which id the target has this portfolio." },
        textInput({ maxLength: maxPortfolioIdLength, placeholder: "noor-vega" }),
      ),
      ...(services.length > 0
        ? [
            input(
              {
                id: "service",
                label: "Service",
                hint: "One that the operator runs; or give an address.",
                optional: true,
              },
              select(services.map((name) => option(name))),
            ),
          ]
        : []),
      input(
        {
          id: "url",
          label: "Address",
          hint: "https, on a host that the operator allows.",
          optional: services.length > 0,
        },
        textInput({ maxLength: maxUrlLength, placeholder: "https://archive.example.com" }),
      ),
      ...secretInputs({ optional: false }),
    ],
  });

const given = (text: string): string | null => (text === "" ? null : text);

export const addTargetModal: Modal = {
  name: "add-target",
  submit: async ({ ctx, values }) => {
    const [url, service] = [given(textIn(values, "url")), given(textIn(values, "service"))];
    if ((url === null) === (service === null)) return { errors: { url: "Give a service or an address, one of them." } };
    const added = await addTarget(ctx, {
      name: textIn(values, "name"),
      alias: given(textIn(values, "alias")),
      portfolioId: textIn(values, "portfolio"),
      service,
      url,
      secrets: { request: "", webhook: "", read: "", ...secretsIn(values) },
    });
    if (added.ok) return addedReply(added.value);
    const { reason } = added;
    switch (reason.code) {
      case "invalid_target_secret":
        return { errors: secretError(reason), code: reason.code };
      case "url_not_allowed":
        return { errors: { url: `It ${reason.message}.` }, code: reason.code };
      default:
        return refuse(reason);
    }
  },
};
