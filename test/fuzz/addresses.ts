/** Addresses similar to permitted ones. */
import fc from "fast-check";
import { checkAddress } from "../../shared/targets/address.ts";
import { goodAddresses, policy, refusedAddresses } from "../corpora/addresses.ts";
import { type Subject, holds } from "./subject.ts";

const known = [...goodAddresses, ...refusedAddresses.map(([, address]) => address)];
const parts = [
  ..."/\\@#?:.-%[]_~!$&'()*+,;= \t\n\u0000\u00ad\u200b。．｡１①".split(""),
  ..."%2e %2f %40 %00 %25 // :// http https 127.0.0.1 0x7f 2130706433 ::1 [::1] localhost internal xn--".split(" "),
  "portfolio.example.com",
  "search.example.com:8443",
  "evil.example",
];

/** An address of the corpus with characters inserted, removed or replaced. */
const bent = fc
  .tuple(
    fc.constantFrom(...known),
    fc.array(
      fc.tuple(
        fc.nat({ max: 60 }),
        fc.nat({ max: 3 }),
        fc.oneof(fc.constantFrom(...parts), fc.string({ unit: "binary", maxLength: 3 })),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([address, bends]) =>
    bends.reduce((text, [at, removed, put]) => text.slice(0, at) + put + text.slice(at + removed), address),
  );
const composed = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((pieces) => pieces.join(""));

const isLiteral = (hostname: string): boolean => hostname.startsWith("[") || /^[\d.]+$/.test(hostname);

const accepted: Subject = {
  name: "addresses: every permitted address has a listed host in its canonical form",
  share: 1,
  property: () =>
    holds(fc.oneof({ weight: 4, arbitrary: bent }, composed, fc.webUrl({ withFragments: true })), (text) => {
      const checked = checkAddress(text, policy);
      if (!checked.ok) return checked.reason.message.startsWith("must") ? null : "the refusal names no rule";
      const url = new URL(text);
      if (!policy.allowedHosts.includes(url.host)) return `calls ${url.host}`;
      if (isLiteral(url.hostname)) return `calls the IP address ${url.hostname}`;
      if (url.protocol !== "https:" || url.username !== "" || url.password !== "" || url.hash !== "") return url.href;
      const [, host] = /^https:\/\/([^/?]*)/i.exec(text) ?? [];
      return host?.toLowerCase().replace(/:443$/, "") === url.host ? null : `${host} is read as ${url.host}`;
    }),
};

export const addressSubjects: Subject[] = [accepted];
