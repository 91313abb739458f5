import { malformedXml } from "./s3-error.ts";

export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/**
 * Parses the XML of an S3 request: elements and text, no document types (so no entity bombs), at
 * most 32 levels. Attributes (only xmlns and xsi:type occur) are dropped.
 *
 * @throws S3Error MalformedXML
 */
export function parseXml(source: string, rootName: string): XmlElement {
  const document: XmlElement = { name: "", text: "", children: [] };
  const open = [document];
  TOKEN.lastIndex = 0;
  let position = 0;
  while (position < source.length) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(source);
    const parent = open.at(-1);
    if (!token || !parent) throw malformedXml();
    position = TOKEN.lastIndex;
    const [, closing, name, , empty, text] = token;
    if (text !== undefined) parent.text += decodeEntities(text);
    else if (name === undefined) continue;
    else if (closing) {
      if (open.pop()?.name !== localName(name)) throw malformedXml();
    } else {
      const element = { name: localName(name), text: "", children: [] };
      parent.children.push(element);
      if (!empty) open.push(element);
      if (open.length > 32) throw malformedXml();
    }
  }
  const [root, second] = document.children;
  if (open.length !== 1 || !root || second || document.text.trim() || root.name !== rootName) {
    throw malformedXml();
  }
  return root;
}

const localName = (name: string) => name.slice(name.indexOf(":") + 1);

const decodeEntities = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));|&/gi, (_, hex, decimal, name) => {
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const entity = ENTITIES[name ?? ""];
    if (entity === undefined) throw malformedXml();
    return entity;
  });

export const childrenOf = (element: XmlElement | undefined, name: string) =>
  element?.children.filter((child) => child.name === name) ?? [];

export const childOf = (element: XmlElement | undefined, name: string) =>
  element?.children.find((child) => child.name === name);

export const textOf = (element: XmlElement | undefined, name: string) =>
  childOf(element, name)?.text;

/** What can be written as XML: an array repeats its element, `undefined` leaves it out. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | XmlValue[]
  | { [name: string]: XmlValue };

/** Writes a response document; the root carries S3's namespace unless it is an error. */
export function writeXml(root: string, content: XmlValue): string {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${inner(content)}</${root}>`;
}

function inner(value: XmlValue): string {
  if (typeof value !== "object") return value === undefined ? "" : escapeXml(String(value));
  if (Array.isArray(value)) return value.map(inner).join("");
  return Object.entries(value)
    .flatMap(([name, child]) =>
      (Array.isArray(child) ? child : [child])
        .filter((one) => one !== undefined)
        .map((one) => `<${name}>${inner(one)}</${name}>`),
    )
    .join("");
}

// Control characters have no XML 1.0 form at all; S3 writes them as character references too.
const escapeXml = (text: string) =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped here
    /[<>&"\u0000-\u001f]/g,
    (character) =>
      ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" })[character] ??
      `&#x${character.charCodeAt(0).toString(16)};`,
  );
