import { apiToken } from "../../../shared/contract/operations/administration.ts";
import { apiLogin } from "../../../shared/contract/operations/logins.ts";
import { loginIntervalSeconds } from "../../../shared/domain/workspace/login.ts";
import { tokenLife } from "../../../shared/domain/workspace/token.ts";
import { newLoginCode } from "../../../shared/login-code.ts";
import { fail } from "../../../shared/result.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { beginLogin } from "../../../shared/use-cases/workspace/begin-login.ts";
import { confirmLogin, declineLogin } from "../../../shared/use-cases/workspace/confirm-login.ts";
import { showLogin } from "../../../shared/use-cases/workspace/show-login.ts";
import { type Handlers, answer } from "./handler.ts";

export const loginHandlers = {
  beginLogin: async ({ ctx, body, portal }) => {
    if (portal === null) return fail({ code: "login_unavailable" });
    return answer(beginLogin(ctx, { ...body, code: newLoginCode() }), (login) => ({
      ...apiLogin(login),
      url: `${portal}/login/${login.code}`,
      intervalSeconds: loginIntervalSeconds,
    }));
  },

  showLogin: ({ ctx, params }) => answer(showLogin(ctx, params.code), apiLogin),

  confirmLogin: ({ ctx, params: { code }, body: { name, scopes, days = tokenLife.usual } }) =>
    answer(confirmLogin(ctx, { code, name, scopes, days }), (token) => apiToken(token, nowOf(ctx))),

  declineLogin: ({ ctx, params }) => answer(declineLogin(ctx, params.code), apiLogin),
} satisfies Partial<Handlers>;
