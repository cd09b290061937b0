import { Buffer, isUtf8 } from "node:buffer";
import type { Strings } from "./strings.ts";

const windows1252 = new TextDecoder("windows-1252");

/**
 * Names as bytes behind one another, decoded when somebody asks for one. Not valid UTF-8 is read as
 * Windows-1252, as in `ByteDictionary`.
 */
export class PackedStrings implements Strings {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #offsets: Uint32Array;

  /** `offsets` has an element more than there are names. */
  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.length = Math.max(0, offsets.length - 1);
    this.#bytes = bytes;
    this.#offsets = offsets;
  }

  at(index: number): string | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const from = this.#offsets[index];
    const view = Buffer.from(
      this.#bytes.buffer,
      this.#bytes.byteOffset + from,
      this.#offsets[index + 1] - from,
    );
    const text = view.toString("utf8");
    return text.includes("\uFFFD") && !isUtf8(view) ? windows1252.decode(view) : text;
  }
}

/** Names packed: the bytes and offsets of a `PackedStrings`. One pass. */
export function packStrings(names: Strings): { bytes: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(names.length + 1);
  let bytes = Buffer.allocUnsafe(Math.max(1024, names.length * 16));
  let end = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names.at(i) ?? "";
    if (end + name.length * 3 > bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(bytes.length * 2, end + name.length * 3));
      bytes.copy(grown, 0, 0, end);
      bytes = grown;
    }
    end += bytes.write(name, end, "utf8");
    offsets[i + 1] = end;
  }
  return { bytes: bytes.subarray(0, end), offsets };
}
