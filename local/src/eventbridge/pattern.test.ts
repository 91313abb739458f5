import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "./pattern.ts";
import { InvalidPatternError } from "./pattern-operators.ts";

/** A pattern on the field `f`, values of it that match and values that do not; `undefined` leaves the field out. */
const cases: [operator: unknown, matching: unknown[], other: unknown[]][] = [
  ["a", ["a", ["b", "a"]], ["A", "ab", "", undefined, null, { a: "a" }, []]],
  ["", [""], [" ", null, undefined]],
  [1, [1, 1.0, 1, [2, 1]], ["1", 2, true]],
  [300, [300, 3.0e2], [301]],
  [true, [true], ["true", 1, false]],
  [null, [null, [1, null]], ["null", 0, "", undefined, []]],
  [{ exactly: "a" }, ["a"], ["b"]],
  [{ prefix: "ab" }, ["ab", "abc", ["x", "abc"]], ["a", "Abc", 12, undefined]],
  [{ prefix: "" }, ["", "x"], [1, null, undefined]],
  [{ prefix: { "equals-ignore-case": "eVentB" } }, ["EVENTBridge"], ["vent"]],
  [{ suffix: ".png" }, [".png", "a.png"], ["a.PNG", "png"]],
  [{ suffix: { "equals-ignore-case": ".Png" } }, ["a.pnG"], ["a.jpg"]],
  [{ "equals-ignore-case": "Alice" }, ["alice", "ALICE"], ["alic", 1]],
  [{ wildcard: "*.jpg" }, [".jpg", "a/b.jpg"], ["a.jpgx", 1]],
  [{ wildcard: "a*b*a" }, ["aba", "axxbyya"], ["ab", "aa", "a"]],
  [{ wildcard: "aXa*Xa" }, ["aXaXa"], ["aXa"]],
  [{ wildcard: "plain" }, ["plain"], ["plain2"]],
  [{ wildcard: "a\\*b\\\\*" }, ["a*b\\", "a*b\\x"], ["axb\\", "a*b"]],
  [{ "anything-but": "a" }, ["b", 1, null, ["a", "b"]], ["a", undefined, ["a"], [], {}]],
  [{ "anything-but": 123 }, [124, "123"], [123]],
  [{ "anything-but": ["a", "b"] }, ["c", 1], ["a", "b"]],
  [{ "anything-but": [1, 2] }, [3, "1"], [1, 2]],
  [{ "anything-but": { prefix: "in" } }, ["out", 5], ["in", "init"]],
  [{ "anything-but": { prefix: ["in", "up"] } }, ["out"], ["init", "upper"]],
  [{ "anything-but": { suffix: ".png" } }, ["a.jpg"], ["a.png"]],
  [{ "anything-but": { "equals-ignore-case": ["A", "b"] } }, ["c"], ["a", "B"]],
  [{ "anything-but": { wildcard: "*/lib/*" } }, ["/bin/x", 1], ["/lib/x"]],
  [{ numeric: ["=", 3.018e2] }, [301.8], [301, "301.8"]],
  [{ numeric: ["<", 10] }, [9.99, -1], [10, "9", null]],
  [{ numeric: [">", 0, "<=", 5] }, [0.1, 5], [0, 5.1]],
  [{ numeric: [">=", 0, "<", 5] }, [0, 4], [5, -1]],
  [{ cidr: "10.0.0.0/24" }, ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "x", 10, "::ffff:10.0.0.1"]],
  [{ cidr: "2001:db8::/32" }, ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]],
  ["2001:db8::1", ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"], ["2001:db8::2"]],
  [{ exists: true }, ["", null, 0, [1], [[1]]], [undefined, {}, { g: 1 }, [], [{ g: 1 }]]],
  [{ exists: false }, [undefined, {}, { g: 1 }, []], ["", null, [1]]],
];

describe("compilePattern", () => {
  it.each(cases)("%j", (operator, matching, others) => {
    const matches = compilePattern({ f: [operator] });
    const eventOf = (value: unknown) => (value === undefined ? {} : { f: value });
    for (const value of matching) expect([value, matches(eventOf(value))]).toEqual([value, true]);
    for (const value of others) expect([value, matches(eventOf(value))]).toEqual([value, false]);
  });

  it.each([
    ["{", /Not JSON/],
    ["[]", /not an object/],
    [{}, /Empty objects/],
    [{ a: {} }, /Empty objects/],
    [{ a: [] }, /Empty arrays/],
    [{ a: "x" }, /must be an object or an array/],
    [{ a: [["x"]] }, /Match value must be/],
    [{ a: [{ unknown: 1 }] }, /Unrecognized match type unknown/],
    [{ a: [{ prefix: "a", suffix: "b" }] }, /Only one key/],
    [{ a: [{ prefix: 1 }] }, /must be a string/],
    [{ a: [{ prefix: { wildcard: "x" } }] }, /Unsupported prefix/],
    [{ a: [{ exists: "yes" }] }, /either true or false/],
    [{ a: [{ wildcard: "a**b" }] }, /Consecutive wildcard/],
    [{ a: [{ wildcard: "a\\b" }] }, /Invalid escape/],
    [{ a: [{ "anything-but": ["a", 1] }] }, /mixed type/],
    [{ a: [{ "anything-but": [] }] }, /mixed type/],
    [{ a: [{ "anything-but": null }] }, /mixed type/],
    [{ a: [{ "anything-but": { prefix: "" } }] }, /Null prefix/],
    [{ a: [{ "anything-but": { numeric: ["=", 1] } }] }, /Unsupported anything-but/],
    [{ a: [{ numeric: [] }] }, /Unrecognized numeric/],
    [{ a: [{ numeric: ["!", 1] }] }, /Unrecognized numeric/],
    [{ a: [{ numeric: ["toString", 1] }] }, /Unrecognized numeric/],
    [{ a: [{ numeric: ["<", "1"] }] }, /must be numeric/],
    [{ a: [{ numeric: [">", 5, "<", 1] }] }, /Bottom must be less/],
    [{ a: [{ numeric: ["<", 5, ">", 1] }] }, /Too many elements/],
    [{ a: [{ numeric: [">", 1, "<", 2, "<", 3] }] }, /Too many terms/],
    [{ a: [{ cidr: "10.0.0.0" }] }, /CIDR/],
    [{ a: [{ cidr: "10.0.0.0/33" }] }, /CIDR/],
    [{ $or: { a: ["x"] } }, /must be an Array/],
    [{ $or: [{ a: ["x"] }] }, /at least 2/],
    [{ $or: [{ a: ["x"] }, { prefix: ["x"] }] }, /reserved/],
    [{ a: ["x"], $or: [{ a: ["y"] }, { b: ["y"] }] }, /multiple times/],
  ])("refuses %j", (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPatternError);
    expect(() => compilePattern(pattern)).toThrow(reason);
  });

  it("needs all fields, and any value of each", () => {
    const matches = compilePattern({ a: ["1", "2"], b: { c: [{ exists: true }] } });
    expect(matches({ a: "2", b: { c: 0 } })).toBe(true);
    expect(matches({ a: "2", b: {} })).toBe(false);
    expect(matches({ a: "3", b: { c: 0 } })).toBe(false);
  });

  it("takes a key with a dot for a nesting, in patterns and events", () => {
    for (const pattern of [{ "a.b": ["x"] }, { a: { b: ["x"] } }]) {
      expect(compilePattern(pattern)({ a: { b: "x" } })).toBe(true);
      expect(compilePattern(pattern)({ "a.b": "x" })).toBe(true);
    }
  });

  it("knows $or beside, below and within other fields", () => {
    const matches = compilePattern({
      source: ["s"],
      $or: [{ a: [1] }, { b: [2], c: [3], $or: [{ d: [4] }, { e: [5] }] }],
      detail: { $or: [{ x: [1] }, { y: [1] }] },
    });
    const event = { source: "s", detail: { y: 1 } };
    expect(matches({ ...event, a: 1 })).toBe(true);
    expect(matches({ ...event, b: 2, c: 3, e: 5 })).toBe(true);
    expect(matches({ ...event, b: 2, e: 5 })).toBe(false);
    expect(matches({ ...event, a: 1, detail: {} })).toBe(false);
    expect(matches({ ...event, a: 1, source: "t" })).toBe(false);
  });

  it("refuses $or that multiplies to over 1000 combinations", () => {
    const choice = (name: string) => ({
      $or: Array.from({ length: 11 }, (_, at) => ({ [`${name}${at}`]: [1] })),
    });
    expect(() => compilePattern({ a: choice("a"), b: choice("b") })).not.toThrow();
    const three = { a: choice("a"), b: choice("b"), c: choice("c") };
    expect(() => compilePattern(three)).toThrow(/too complex/);
  });

  it("never combines fields of different elements of an array", () => {
    const matches = compilePattern({ people: { first: ["Anna"], last: ["Jones"] } });
    const [anna, peter] = [
      { first: "Anna", last: "Smith" },
      { first: "Peter", last: "Jones" },
    ];
    expect(matches({ people: [anna, peter] })).toBe(false);
    expect(matches({ people: [[anna], [peter]] })).toBe(false);
    expect(matches({ people: [anna, { first: "Anna", last: "Jones" }] })).toBe(true);
    expect(matches({ people: [[anna], [{ first: ["X", "Anna"], last: "Jones" }]] })).toBe(true);
  });

  it("stays consistent through nested arrays, and lets independent arrays combine freely", () => {
    const matches = compilePattern({ a: { b: { x: [1], y: [1] }, z: [1] }, c: { w: [1] } });
    const c = [{ w: 0 }, { w: 1 }];
    expect(matches({ a: [{ b: [{ x: 1 }, { y: 1 }], z: 1 }], c })).toBe(false);
    expect(matches({ a: [{ b: [{ x: 1, y: 1 }] }, { z: 1 }], c })).toBe(false);
    expect(matches({ a: [{ z: 1 }, { b: [{}, { x: 1, y: 1 }], z: 1 }], c })).toBe(true);
  });

  it("answers for large arrays of objects without an explosion", () => {
    const matches = compilePattern({ a: { x: [{ exists: true }], y: [1] }, b: { z: [1], w: [1] } });
    const a = Array.from({ length: 5000 }, (_, at) => ({ x: at, y: at === 4999 ? 1 : 0 }));
    const b = Array.from({ length: 5000 }, (_, at) => ({ z: 1 - (at % 2), w: at % 2 }));
    expect(matches({ a, b })).toBe(false);
    expect(matches({ a, b: [...b, { z: 1, w: 1 }] })).toBe(true);
  });
});

/** Event-ruler's own words for consistency, by trying everything: no two fields in different elements of the same array. */
function naive(event: unknown, wanted: Record<string, number>): boolean {
  type Leaf = { value: unknown; place: Map<unknown, number> };
  const leavesAt = (value: unknown, keys: string[], place: Map<unknown, number>): Leaf[] => {
    if (Array.isArray(value)) {
      return value.flatMap((each: unknown, at) => {
        const nested = typeof each === "object" && each !== null;
        return leavesAt(each, keys, nested ? new Map(place).set(value, at) : place);
      });
    }
    const [key, ...rest] = keys;
    if (typeof value !== "object" || value === null)
      return key === undefined ? [{ value, place }] : [];
    const inner = key === undefined ? undefined : (value as Record<string, unknown>)[key];
    return inner === undefined ? [] : leavesAt(inner, rest, place);
  };
  let places: Map<unknown, number>[] = [new Map()];
  for (const [path, value] of Object.entries(wanted)) {
    const leaves = leavesAt(event, path.split("."), new Map()).filter(
      (leaf) => leaf.value === value,
    );
    places = places.flatMap((place) =>
      leaves.flatMap((leaf) => {
        const agrees = [...leaf.place].every(([array, at]) => (place.get(array) ?? at) === at);
        return agrees ? [new Map([...place, ...leaf.place])] : [];
      }),
    );
  }
  return places.length > 0;
}

describe("array consistency", () => {
  const leaf = fc.integer({ min: 0, max: 2 });
  const { tree } = fc.letrec<{ tree: unknown; node: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.record({ a: tie("node"), b: tie("node"), c: tie("node") }, { requiredKeys: [] }),
    ),
    node: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("node"), { maxLength: 3 }),
      fc.record({ a: tie("node"), b: tie("node"), c: tie("node") }, { requiredKeys: [] }),
    ),
  }));
  const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 });
  const wanted = fc
    .uniqueArray(fc.tuple(path, leaf), { selector: ([keys]) => keys.join("."), maxLength: 4 })
    .filter((conditions) => conditions.length > 0)
    .map((conditions) =>
      Object.fromEntries(conditions.map(([keys, value]) => [keys.join("."), value])),
    );

  it("is what trying every combination finds", () => {
    let matched = 0;
    fc.assert(
      fc.property(tree, wanted, (event, conditions) => {
        const pattern = Object.entries(conditions).map(([name, value]) => [name, [value]]);
        const result = compilePattern(Object.fromEntries(pattern))(event);
        if (result) matched += 1;
        expect(result).toBe(naive(event, conditions));
      }),
      { numRuns: 3000 },
    );
    expect(matched).toBeGreaterThan(50);
  });
});

describe("wildcard", () => {
  it("is the regular expression with .* for each asterisk", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }),
        (parts, text) => {
          const [first = "", ...others] = parts;
          const kept = [
            first,
            ...others.slice(0, -1).filter((each) => each !== ""),
            ...others.slice(-1),
          ];
          const expected = new RegExp(`^${kept.join(".*")}$`).test(text);
          const matches = compilePattern({ f: [{ wildcard: kept.join("*") }] });
          expect(matches({ f: text })).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
