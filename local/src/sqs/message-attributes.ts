import { createHash } from "node:crypto";

/** As on the wire: binary values are base64. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}
export type MessageAttributes = Record<string, MessageAttribute>;

/** The digest that SQS answers, so that clients can compare: name, type and value of each attribute, sorted by name. */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const update = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] ?? {};
    update(Buffer.from(name));
    update(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    update(
      BinaryValue === undefined
        ? Buffer.from(StringValue ?? "")
        : Buffer.from(BinaryValue, "base64"),
    );
  }
  return hash.digest("hex");
}

/** Names, types and values count as much as the body does. */
export function attributesSize(attributes: MessageAttributes): number {
  let size = 0;
  for (const [name, { DataType, StringValue = "", BinaryValue = "" }] of Object.entries(
    attributes,
  )) {
    size +=
      Buffer.byteLength(name) + Buffer.byteLength(DataType ?? "") + Buffer.byteLength(StringValue);
    size += Buffer.byteLength(BinaryValue, "base64");
  }
  return size;
}

/** `All`, `.*`, a name, or the beginning of names (`trace.*`). */
export function wantedAttributes(
  attributes: MessageAttributes,
  names: string[],
): MessageAttributes {
  const wants = (name: string) =>
    names.some(
      (n) =>
        n === "All" ||
        n === ".*" ||
        n === name ||
        (n.endsWith(".*") && name.startsWith(n.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wants(name)));
}
