import { Buffer, isUtf8 } from "node:buffer";
import type { Strings } from "./strings.ts";

/** What a `ByteDictionary` is made of, in a form that can be posted to another thread. */
export interface DictionaryParts {
  bytes: Uint8Array;
  offsets: Uint32Array;
  length: number;
}

const windows1252 = new TextDecoder("windows-1252");

/**
 * Gives every distinct byte string a code, in order of first appearance, without making a JavaScript string
 * of it. Open addressing with linear probing over one arena; about 12 bytes a name beside the name itself.
 *
 * With `reserveMissing`, code 0 is the empty string and stands for "no value".
 * Names that are not valid UTF-8 are read as Windows-1252, one by one: a mixed file stays readable.
 */
export class ByteDictionary implements Strings {
  length = 0;
  #bytes: Uint8Array;
  #end = 0;
  #offsets: Uint32Array;
  #hashes: Int32Array;
  #slots: Int32Array;
  #mask: number;

  constructor({ reserveMissing = true, expected = 64 } = {}) {
    const capacity = 1 << (32 - Math.clz32(Math.max(16, expected) - 1));
    this.#bytes = new Uint8Array(capacity * 8);
    this.#offsets = new Uint32Array(capacity + 1);
    this.#hashes = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
    if (reserveMissing) this.encode(this.#bytes, 0, 0);
  }

  static fromParts({ bytes, offsets, length }: DictionaryParts): ByteDictionary {
    const dictionary = new ByteDictionary({ reserveMissing: false, expected: length + 1 });
    for (let i = 0; i < length; i++) dictionary.encode(bytes, offsets[i], offsets[i + 1]);
    return dictionary;
  }

  /** The code of the bytes from `from` to `to` (exclusive); a new one when they were not seen before. */
  encode(source: Uint8Array, from: number, to: number): number {
    const hash = hashOf(source, from, to);
    let slot = hash & this.#mask;
    for (;;) {
      const code = this.#slots[slot] - 1;
      if (code < 0) return this.#add(source, from, to, hash, slot);
      if (this.#hashes[code] === hash && this.#equals(code, source, from, to)) return code;
      slot = (slot + 1) & this.#mask;
    }
  }

  encodeString(text: string): number {
    const bytes = Buffer.from(text, "utf8");
    return this.encode(bytes, 0, bytes.length);
  }

  /** Adds every name of `other`; returns its codes in this dictionary, by the codes of `other`. */
  merge({ bytes, offsets, length }: DictionaryParts): Uint32Array {
    const codes = new Uint32Array(length);
    for (let i = 0; i < length; i++) codes[i] = this.encode(bytes, offsets[i], offsets[i + 1]);
    return codes;
  }

  at(index: number): string | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const from = this.#offsets[index];
    const to = this.#offsets[index + 1];
    const view = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, to - from);
    const text = view.toString("utf8");
    return text.includes("\uFFFD") && !isUtf8(view) ? windows1252.decode(view) : text;
  }

  /** How many names are not valid UTF-8 and were therefore read as Windows-1252. One pass over the names. */
  countNotUtf8(): number {
    if (isUtf8(this.#bytes.subarray(0, this.#end))) return 0;
    let count = 0;
    for (let i = 0; i < this.length; i++) {
      if (!isUtf8(this.#bytes.subarray(this.#offsets[i], this.#offsets[i + 1]))) count++;
    }
    return count;
  }

  /** The bytes of one name, as a view that the next `encode` may invalidate. */
  bytesAt(index: number): Uint8Array {
    return this.#bytes.subarray(this.#offsets[index], this.#offsets[index + 1]);
  }

  toParts(): DictionaryParts {
    return {
      bytes: this.#bytes.slice(0, this.#end),
      offsets: this.#offsets.slice(0, this.length + 1),
      length: this.length,
    };
  }

  #add(source: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const size = to - from;
    if (this.#end + size > 0xffff_ffff)
      throw new RangeError("more than 4 GiB of distinct names in one column");
    if (this.#end + size > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(0xffff_ffff, Math.max(this.#bytes.length * 2, this.#end + size)));
      grown.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = grown;
    }
    for (let i = from, end = this.#end; i < to; i++, end++) this.#bytes[end] = source[i];
    this.#end += size;

    const code = this.length++;
    this.#hashes[code] = hash;
    this.#offsets[code + 1] = this.#end;
    this.#slots[slot] = code + 1;
    if (this.length === this.#hashes.length) this.#grow();
    return code;
  }

  #grow(): void {
    const capacity = this.#hashes.length * 2;
    const offsets = new Uint32Array(capacity + 1);
    offsets.set(this.#offsets);
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    const slots = new Int32Array(capacity * 2);
    const mask = capacity * 2 - 1;
    for (let code = 0; code < this.length; code++) {
      let slot = hashes[code] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.#offsets = offsets;
    this.#hashes = hashes;
    this.#slots = slots;
    this.#mask = mask;
  }

  #equals(code: number, source: Uint8Array, from: number, to: number): boolean {
    let mine = this.#offsets[code];
    if (this.#offsets[code + 1] - mine !== to - from) return false;
    for (let i = from; i < to; i++, mine++) if (this.#bytes[mine] !== source[i]) return false;
    return true;
  }
}

// Four bytes a step, then the finaliser of MurmurHash3 (Appleby 2008, public domain).
function hashOf(source: Uint8Array, from: number, to: number): number {
  let h = (to - from) | 0;
  let i = from;
  for (const last = to - 3; i < last; i += 4) {
    const word = source[i] | (source[i + 1] << 8) | (source[i + 2] << 16) | (source[i + 3] << 24);
    h = Math.imul(h ^ word, 0x9e3779b1);
    h ^= h >>> 15;
  }
  for (; i < to; i++) h = Math.imul(h ^ source[i], 0x9e3779b1) + (h >>> 13);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}
