/** A new API token: `cvops_` and 256 random bits in base64url, so that a plain hash of it reveals nothing. */
export const newToken = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return `cvops_${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
};
