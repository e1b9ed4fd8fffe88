/** IPv6: a network of one customer has 2^64 addresses. */
export const addressOf = (request: Request): string => {
  const address = request.headers.get("CF-Connecting-IP") ?? "";
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
};
