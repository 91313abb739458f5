import { describe, expect, it } from "vitest";
import { z } from "zod";
import { apiConfig, cdnConfig, commonConfig, endpointUrl, loadConfig } from "./config.ts";

describe("the configuration", () => {
  it("is read with its defaults", () => {
    expect(loadConfig(commonConfig, { SERVICE: "upload", BUS_NAME: "shoebox" })).toEqual({
      SERVICE: "upload",
      BUS_NAME: "shoebox",
      LOG_LEVEL: "info",
    });
  });

  it("names everything that is missing or wrong in one sentence", () => {
    const wrong = { SERVICE: "upload", LOG_LEVEL: "loud" };
    expect(() => loadConfig(commonConfig, wrong)).toThrow(/LOG_LEVEL: .*; BUS_NAME: /);
  });

  it("never repeats a value, which may be a secret", () => {
    const shape = { ...cdnConfig, KEY: z.string().max(3) };
    const values = { CDN_DOMAIN: "hunter2 hunter2", KEY: "hunter2", CDN_KEY_ID: "" };
    let message = "";
    try {
      loadConfig(shape, values);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("CDN_DOMAIN");
    expect(message).not.toContain("hunter2");
  });

  it.each([
    ["search-x.us-east-1.es.amazonaws.com", "https://search-x.us-east-1.es.amazonaws.com"],
    ["http://127.0.0.1:9200/", "http://127.0.0.1:9200"],
    ["https://cdn.example.org//", "https://cdn.example.org"],
  ])("reads the host or URL %s", (given, url) => expect(endpointUrl.parse(given)).toBe(url));

  it("reads origins one by one, with or without spaces, and none by default", () => {
    const limits = { RATES_TABLE: "rates", RATE_LIMIT: "100", RATE_BURST: "200" };
    const read = (value?: string) =>
      loadConfig(apiConfig, { ...limits, CORS_ORIGINS: value }).CORS_ORIGINS;
    expect(read("https://a.example, https://b.example,")).toEqual([
      "https://a.example",
      "https://b.example",
    ]);
    expect(read(undefined)).toEqual([]);
  });
});
