import { expect, test } from "vitest";
import { checksSaying } from "../../test/support/messages/checks.ts";
import { apiCheckMessage } from "./api-check.ts";
import { checkMessage } from "./en/checks.ts";

test.each(checksSaying("some text").map((check) => [check.name, check.state, check] as const))(
  "the check %s that is %s says over the API what it says in Slack",
  (_name, _state, check) => {
    const { name, state, who, role, mine, command: _command, ...about } = check;
    const overHttp = JSON.parse(JSON.stringify({ name, state, who, role, mine, about })) as Parameters<
      typeof apiCheckMessage
    >[0];
    expect(apiCheckMessage(overHttp)).toEqual(checkMessage({ ...check, command: null }));
  },
);
