import { Buffer } from "node:buffer";
import { InputError, quoted } from "../input-error.ts";

/** What a scan reports: elements as they open and close. Text between tags is not reported (XES has none). */
export interface XmlHandler {
  open(tag: XmlTag): void;
  close(): void;
}

const MAX_TAG = 8 << 20;
const MAX_DEPTH = 1000;

/**
 * A streaming scanner for XML documents that keep their data in attributes, working on bytes. Safe by what it
 * cannot do: it refuses document type declarations, so there are no entities to expand and nothing to fetch;
 * only the five predefined entities and character references exist. Names are matched without their namespace
 * prefix.
 *
 * Throws InputError, with the line, when tags do not nest, a tag does not end, or the document is cut off.
 * One pass.
 */
export class XmlScanner {
  readonly #path: string;
  readonly #handler: XmlHandler;
  readonly #tag = new XmlTag();
  readonly #names = new RecurringText();
  readonly #open: string[] = [];
  #rest = new Uint8Array(0);
  #line = 1;
  #seenRoot = false;
  #started = false;

  constructor(path: string, handler: XmlHandler) {
    this.#path = path;
    this.#handler = handler;
  }

  push(block: Uint8Array): void {
    let bytes = block;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + block.length);
      bytes.set(this.#rest);
      bytes.set(block, this.#rest.length);
    }
    if (!this.#started && bytes.length >= 4) {
      this.#started = true;
      this.#checkEncoding(bytes);
    }
    const done = this.#scan(bytes);
    this.#rest = bytes.slice(done);
    if (this.#rest.length > MAX_TAG) throw this.#error("a tag that ends", "more than 8 MiB without its end");
  }

  end(): void {
    const rest = Buffer.from(this.#rest).toString("utf8").trim();
    if (rest !== "" || this.#open.length > 0 || !this.#seenRoot) {
      const open = this.#open.length > 0 ? `</${this.#open.at(-1)}>` : "the end of a tag";
      throw this.#error(this.#seenRoot ? open : "an XML element", "the end of the file");
    }
  }

  #checkEncoding(bytes: Uint8Array): void {
    const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
    const declared = /encoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
    if (
      bytes[0] === 0 ||
      bytes[1] === 0 ||
      (declared && !/^(utf-?8|us-ascii|iso-8859-1|latin1|windows-1252)$/i.test(declared))
    ) {
      throw new InputError(
        "xml-encoding",
        this.#path,
        `${this.#path}: expected XML in UTF-8, got ${declared ?? "UTF-16"}. Save the file as UTF-8.`,
      );
    }
  }

  /** Scans whole tags; returns the offset of the first byte that belongs to an incomplete one. */
  #scan(b: Uint8Array): number {
    const to = b.length;
    let i = 0;
    for (;;) {
      const textStart = i;
      let lines = 0;
      let text = false;
      while (i < to && b[i] !== LESS) {
        if (b[i] === 10) lines++;
        else if (b[i] > 32) text = true;
        i++;
      }
      if (i >= to) return textStart === i ? i : this.#keepText(b, textStart, text, lines, i);
      this.#line += lines;
      if (text && this.#open.length === 0 && !isByteOrderMark(b, textStart))
        throw this.#error("XML", quote(b, textStart, i));
      if (i + 1 >= to) return i;
      const next = b[i + 1];
      let end: number;
      if (next === BANG || next === QUESTION) end = this.#skipMarkup(b, i, to);
      else if (next === SLASH) end = this.#closeTag(b, i, to);
      else end = this.#openTag(b, i, to);
      if (end < 0) return i;
      i = end;
    }
  }

  #keepText(b: Uint8Array, from: number, text: boolean, lines: number, to: number): number {
    if (text && this.#open.length === 0 && !isByteOrderMark(b, from))
      throw this.#error("XML", quote(b, from, to));
    this.#line += lines;
    return to;
  }

  /** Comments, processing instructions and CDATA; -1 when the end is not there yet. */
  #skipMarkup(b: Uint8Array, i: number, to: number): number {
    const start = Buffer.from(b.buffer, b.byteOffset + i, Math.min(9, to - i)).toString("latin1");
    if (start.startsWith("<!D") || start.startsWith("<!d")) {
      throw new InputError(
        "xml-doctype",
        this.#path,
        `${this.#path}, line ${this.#line}: expected an element, got a document type declaration. Plumbline reads none, since they can expand without end or fetch other files. Remove the line that begins with <!DOCTYPE.`,
      );
    }
    const ending = start.startsWith("<?")
      ? "?>"
      : start.startsWith("<!--")
        ? "-->"
        : start.startsWith("<![CDATA[")
          ? "]]>"
          : undefined;
    if (ending === undefined) {
      if (to - i < 9) return -1;
      throw this.#error("an element", quote(b, i, i + 20));
    }
    const end = Buffer.from(b.buffer, b.byteOffset, to).indexOf(ending, i + 2, "latin1");
    if (end < 0) return -1;
    for (let k = i; k < end; k++) if (b[k] === 10) this.#line++;
    return end + ending.length;
  }

  #closeTag(b: Uint8Array, i: number, to: number): number {
    const end = b.indexOf(GREATER, i);
    if (end < 0 || end >= to) return -1;
    let nameEnd = end;
    while (nameEnd > i + 2 && b[nameEnd - 1] <= 32) nameEnd--;
    const name = this.#name(b, i + 2, nameEnd);
    const open = this.#open.pop();
    if (open !== name) throw this.#error(open ? `</${open}>` : "no more closing tags", `</${quoted(name)}>`);
    this.#handler.close();
    return end + 1;
  }

  #openTag(b: Uint8Array, i: number, to: number): number {
    const tag = this.#tag;
    let at = i + 1;
    while (at < to && b[at] > 32 && b[at] !== SLASH && b[at] !== GREATER) at++;
    if (at >= to) return -1;
    const nameEnd = at;
    let lines = 0;
    tag.begin(b);
    for (;;) {
      while (at < to && b[at] <= 32) if (b[at++] === 10) lines++;
      if (at >= to) return -1;
      if (b[at] === GREATER || b[at] === SLASH) break;
      const attributeStart = at;
      while (at < to && b[at] !== EQUALS && b[at] > 32 && b[at] !== GREATER) at++;
      const attributeEnd = at;
      while (at < to && b[at] <= 32) at++;
      if (at >= to) return -1;
      if (b[at] !== EQUALS) throw this.#error("an attribute with a value", quote(b, attributeStart, at + 1));
      at++;
      while (at < to && b[at] <= 32) at++;
      if (at >= to) return -1;
      const mark = b[at];
      if (mark !== QUOTE && mark !== APOSTROPHE)
        throw this.#error("a quoted value", quote(b, attributeStart, at + 10));
      const valueStart = ++at;
      let escaped = false;
      while (at < to && b[at] !== mark) {
        if (b[at] === AMPERSAND) escaped = true;
        else if (b[at] === 10) lines++;
        else if (b[at] === LESS) throw this.#error("a closing quote", quote(b, valueStart, at + 1));
        at++;
      }
      if (at >= to) return -1;
      tag.add(attributeStart, attributeEnd, valueStart, at, escaped);
      at++;
    }
    const selfClosing = b[at] === SLASH;
    if (selfClosing && at + 1 >= to) return -1;
    if (selfClosing && b[at + 1] !== GREATER) throw this.#error("/>", quote(b, at, at + 2));
    if (nameEnd === i + 1) throw this.#error("an element name", quote(b, i, i + 20));
    if (this.#seenRoot && this.#open.length === 0)
      throw this.#error("the end of the document", quote(b, i, nameEnd));
    this.#seenRoot = true;
    tag.name = this.#name(b, i + 1, nameEnd);
    tag.line = this.#line;
    this.#line += lines;
    this.#handler.open(tag);
    if (selfClosing) this.#handler.close();
    else if (this.#open.push(tag.name) > MAX_DEPTH)
      throw this.#error(`at most ${MAX_DEPTH} nested elements`, "more");
    return at + (selfClosing ? 2 : 1);
  }

  /** The element name without its prefix. */
  #name(b: Uint8Array, from: number, to: number): string {
    for (let i = from; i < to; i++) if (b[i] === 58) from = i + 1;
    return this.#names.text(b, from, to);
  }

  #error(expected: string, got: string): InputError {
    return new InputError(
      "xml-damaged",
      this.#path,
      `${this.#path}, line ${this.#line}: the XML is damaged: expected ${expected}, got ${got}. Export the file again.`,
    );
  }
}

/** Texts that come again and again, like names and keys: their strings are made once. */
class RecurringText {
  readonly #known = new Map<number, string>(); // by hash of the bytes, checked against the bytes

  text(b: Uint8Array, from: number, to: number): string {
    let hash = to - from;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + b[i]) | 0;
    const known = this.#known.get(hash);
    if (known !== undefined && known.length === to - from && sameText(known, b, from)) return known;
    const text = Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("utf8");
    if (known === undefined && this.#known.size < 2000) this.#known.set(hash, text);
    return text;
  }
}

/** The element that is being opened; valid until the handler returns. */
export class XmlTag {
  name = "";
  line = 0;
  bytes: Uint8Array = new Uint8Array(0);
  readonly #keys = new RecurringText();
  #count = 0;
  #places = new Int32Array(4 * 16);
  #escaped = new Uint8Array(16);

  begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#count = 0;
  }

  add(nameFrom: number, nameTo: number, valueFrom: number, valueTo: number, escaped: boolean): void {
    if (this.#count === this.#escaped.length) {
      const places = new Int32Array(this.#places.length * 2);
      places.set(this.#places);
      this.#places = places;
      const flags = new Uint8Array(this.#escaped.length * 2);
      flags.set(this.#escaped);
      this.#escaped = flags;
    }
    const at = this.#count * 4;
    this.#places[at] = nameFrom;
    this.#places[at + 1] = nameTo;
    this.#places[at + 2] = valueFrom;
    this.#places[at + 3] = valueTo;
    this.#escaped[this.#count++] = escaped ? 1 : 0;
  }

  /** The number of the attribute with this name, or -1. */
  find(name: string): number {
    for (let k = 0; k < this.#count; k++) {
      const from = this.#places[k * 4];
      if (this.#places[k * 4 + 1] - from === name.length && sameText(name, this.bytes, from)) return k;
    }
    return -1;
  }

  valueFrom(attribute: number): number {
    return this.#places[attribute * 4 + 2];
  }

  valueTo(attribute: number): number {
    return this.#places[attribute * 4 + 3];
  }

  isEscaped(attribute: number): boolean {
    return this.#escaped[attribute] === 1;
  }

  /** The value as text, with entities and character references replaced. */
  valueText(attribute: number): string {
    const from = this.valueFrom(attribute);
    const text = Buffer.from(
      this.bytes.buffer,
      this.bytes.byteOffset + from,
      this.valueTo(attribute) - from,
    ).toString("utf8");
    return this.isEscaped(attribute) ? unescapeXml(text) : text;
  }

  /** As `text`, for attributes whose values come again and again, like the keys of XES. */
  key(name: string): string | undefined {
    const attribute = this.find(name);
    if (attribute < 0 || this.isEscaped(attribute))
      return attribute < 0 ? undefined : this.valueText(attribute);
    return this.#keys.text(this.bytes, this.valueFrom(attribute), this.valueTo(attribute));
  }

  text(name: string): string | undefined {
    const attribute = this.find(name);
    return attribute < 0 ? undefined : this.valueText(attribute);
  }
}

const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * Replaces the five predefined entities and character references; any other entity stays as it is written.
 */
export function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES.get(name) ?? whole;
      const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function sameText(text: string, b: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== b[from + i]) return false;
  return true;
}

function isByteOrderMark(b: Uint8Array, from: number): boolean {
  return b[from] === 0xef && b[from + 1] === 0xbb && b[from + 2] === 0xbf;
}

function quote(b: Uint8Array, from: number, to: number): string {
  const length = Math.max(0, Math.min(60, to - from, b.length - from));
  const text = Buffer.from(b.buffer, b.byteOffset + from, length).toString("utf8");
  return `"${quoted(text.replace(/\s+/g, " "))}"`;
}

const BANG = 33;
const QUOTE = 34;
const AMPERSAND = 38;
const APOSTROPHE = 39;
const SLASH = 47;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
