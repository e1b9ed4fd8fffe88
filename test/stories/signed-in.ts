/** A browser without a page: it signs a person in with the local Slack, as people do by clicking. */
const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

const goTo = (url: string, cookie = ""): Promise<Response> => fetch(url, { redirect: "manual", headers: { cookie } });

/** @returns the header with which the person's browser asks the portal's server */
export const signedInAs = async (stackUrl: string, userId: string): Promise<{ Cookie: string }> => {
  const begun = await goTo(`${stackUrl}/slack/sign-in`);
  const page = new URL(begun.headers.get("location") ?? "");
  page.searchParams.set("as", userId);
  const agreed = await goTo(page.href);
  const done = await goTo(agreed.headers.get("location") ?? "", cookieOf(begun));
  const cookie = cookieOf(done);
  if (cookie === "") throw new Error(`${userId} was not signed in: ${done.status} ${done.headers.get("location")}`);
  return { Cookie: cookie };
};
