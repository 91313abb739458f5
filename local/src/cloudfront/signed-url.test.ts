import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createUrlVerifier } from "./signed-url.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const NOW = 1_800_000_000_000;
const LATER = NOW / 1000 + 60;
const URL = "http://cdn.example/renditions/a/thumb.webp";

const verify = createUrlVerifier([
  { id: "KEC", pem: pem(ec.publicKey) },
  { id: "KRSA", pem: pem(rsa.publicKey) },
]);
const check = (url: string, clientIp = "192.0.2.10", now = NOW) => verify({ url, clientIp, now });

const urlSafe = (bytes: Buffer) =>
  bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");

function signature(policy: string, key: KeyObject, hash = "sha1"): string {
  return urlSafe(createSign(hash).update(policy).sign(key));
}

const canned = (url: string, expires: number) =>
  `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;

function cannedUrl(url: string, expires = LATER, key = ec.privateKey, id = "KEC"): string {
  const join = url.includes("?") ? "&" : "?";
  return `${url}${join}Expires=${expires}&Signature=${signature(canned(url, expires), key)}&Key-Pair-Id=${id}`;
}

function customUrl(
  url: string,
  Resource: string,
  condition: object = {},
  more: object = {},
): string {
  const Condition = { DateLessThan: { "AWS:EpochTime": LATER }, ...condition };
  const policy = JSON.stringify({ Statement: [{ Resource, Condition }], ...more });
  const join = url.includes("?") ? "&" : "?";
  return `${url}${join}Policy=${urlSafe(Buffer.from(policy))}&Signature=${signature(policy, ec.privateKey)}&Key-Pair-Id=KEC`;
}

const refused = (code: string) => expect.objectContaining({ code, status: 403 });

describe("canned policy", () => {
  it("allows what an RSA or an ECDSA key of the group signed", () => {
    check(cannedUrl(URL));
    check(cannedUrl(URL, LATER, rsa.privateKey, "KRSA"));
  });

  it("allows SHA-256 only where the URL says so", () => {
    const signed = signature(canned(URL, LATER), ec.privateKey, "sha256");
    const url = `${URL}?Expires=${LATER}&Signature=${signed}&Key-Pair-Id=KEC`;
    check(`${url}&Hash-Algorithm=SHA256`);
    expect(() => check(url)).toThrow(refused("AccessDenied"));
    expect(() => check(`${url}&Hash-Algorithm=MD5`)).toThrow(refused("AccessDenied"));
  });

  it("covers the viewer's own query and nothing else", () => {
    check(cannedUrl(`${URL}?versionId=1`));
    expect(() =>
      check(cannedUrl(`${URL}?versionId=1`).replace("versionId=1", "versionId=2")),
    ).toThrow(refused("AccessDenied"));
    expect(() => check(`${cannedUrl(URL)}&versionId=2`)).toThrow(refused("AccessDenied"));
  });

  it("ends at its time, which nobody can stretch", () => {
    check(cannedUrl(URL), undefined, LATER * 1000 - 1);
    expect(() => check(cannedUrl(URL), undefined, LATER * 1000)).toThrow(refused("AccessDenied"));
    const stretched = cannedUrl(URL).replace(`Expires=${LATER}`, `Expires=${LATER + 9_999}`);
    expect(() => check(stretched)).toThrow(refused("AccessDenied"));
  });

  it("is for its path, its host and its key", () => {
    expect(() => check(cannedUrl(URL).replace("/a/", "/b/"))).toThrow(refused("AccessDenied"));
    expect(() => check(cannedUrl(URL).replace("cdn.example", "other.example"))).toThrow(
      refused("AccessDenied"),
    );
    expect(() => check(cannedUrl(URL).replace("KEC", "KRSA"))).toThrow(refused("AccessDenied"));
    expect(() => check(cannedUrl(URL).replace("KEC", "KXX"))).toThrow(refused("InvalidKey"));
  });

  it("tells a missing key from a damaged signature", () => {
    expect(() => check(URL)).toThrow(refused("MissingKey"));
    expect(() => check(`${URL}?Expires=${LATER}&Key-Pair-Id=KEC`)).toThrow(
      refused("MalformedSignature"),
    );
    expect(() => check(`${URL}?Expires=${LATER}&Signature=%00&Key-Pair-Id=KEC`)).toThrow(
      refused("MalformedSignature"),
    );
    expect(() => check(`${URL}?Expires=soon&Signature=AA__&Key-Pair-Id=KEC`)).toThrow(
      refused("AccessDenied"),
    );
    expect(() => check(`${cannedUrl(URL)}&Key-Pair-Id=KRSA`)).toThrow(refused("AccessDenied"));
  });
});

describe("custom policy", () => {
  it("serves all that its wildcard covers and nothing beside", () => {
    const query = customUrl(URL, "http://cdn.example/renditions/a/*").slice(URL.length);
    check(URL + query);
    check(`http://cdn.example/renditions/a/large.jpeg${query}`);
    expect(() => check(`http://cdn.example/renditions/b/large.jpeg${query}`)).toThrow(
      refused("AccessDenied"),
    );
    check(customUrl(URL, "http*://cdn.example/renditions/?/thumb.webp"));
    check(customUrl(URL, "*"));
  });

  it("begins and ends at its times", () => {
    const after = { DateGreaterThan: { "AWS:EpochTime": NOW / 1000 + 30 } };
    const url = customUrl(URL, URL, after);
    expect(() => check(url)).toThrow(refused("AccessDenied"));
    check(url, undefined, NOW + 31_000);
    expect(() => check(url, undefined, NOW + 60_000)).toThrow(refused("AccessDenied"));
  });

  it("is for the addresses it names", () => {
    const from = (range: string) => customUrl(URL, URL, { IpAddress: { "AWS:SourceIp": range } });
    check(from("192.0.2.0/24"));
    check(from("192.0.2.10"));
    check(from("0.0.0.0/0"));
    expect(() => check(from("192.0.2.11"))).toThrow(refused("AccessDenied"));
    expect(() => check(from("192.0.2.0/24"), "198.51.100.1")).toThrow(refused("AccessDenied"));
    expect(() => check(from("nonsense"))).toThrow(refused("MalformedPolicy"));
  });

  it("is malformed without an end, with two statements, or with what nobody documents", () => {
    expect(() => check(customUrl(URL, URL, { DateLessThan: undefined }))).toThrow(
      refused("MalformedPolicy"),
    );
    expect(() => check(customUrl(URL, URL, { StringLike: {} }))).toThrow(
      refused("MalformedPolicy"),
    );
    expect(() => check(customUrl(URL, URL, {}, { Version: "1" }))).toThrow(
      refused("MalformedPolicy"),
    );
  });

  it("counts for nothing when it was changed after it was signed", () => {
    const other = Buffer.from(JSON.stringify({ Statement: [{ Resource: "*", Condition: {} }] }));
    const forged = customUrl(URL, URL).replace(/Policy=[^&]+/, `Policy=${urlSafe(other)}`);
    expect(() => check(forged)).toThrow(refused("AccessDenied"));
  });
});

it("does not take keys that CloudFront would not take", () => {
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
  expect(() => createUrlVerifier([{ id: "K", pem: pem(p384.publicKey) }])).toThrow(
    /RSA-2048 and ECDSA P-256/,
  );
});
