import { SaxesParser } from "saxes";
import { InputError } from "../input-error.ts";

/** An element of an XML document, names without their namespace prefix. */
export interface XmlElement {
  name: string;
  line: number;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** its own text, trimmed */
  text: string;
}

/** Largest model file that is read, in characters. */
export const MAX_MODEL = 50_000_000;

/**
 * The root element of an XML document. No document type declarations, so no entities and nothing to fetch; at
 * most 200 levels. Throws InputError with file, line and column.
 */
export function readXml(text: string, file: string): XmlElement {
  if (text.length > MAX_MODEL) {
    throw new InputError(
      "too-large",
      file,
      `${file}: expected a model of at most 50 MB, got ${Math.round(text.length / 1e6)} MB.`,
    );
  }
  const parser = new SaxesParser({ position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  const fail = (message: string): never => {
    throw new InputError(
      "wrong-xml",
      file,
      `${file}, line ${parser.line}, column ${parser.column}: ${message}`,
    );
  };
  parser.on("doctype", () =>
    fail("expected a model without a document type declaration (<!DOCTYPE), which is refused for safety."),
  );
  parser.on("error", (error) =>
    fail(`expected well-formed XML, got: ${error.message.replace(/^\d+:\d+: /, "")}`),
  );
  parser.on("opentag", ({ name, attributes }) => {
    const element: XmlElement = {
      name: localName(name),
      line: parser.line,
      // an attribute of another namespace (ext:name) never stands for one of the format itself
      attributes: Object.fromEntries(
        Object.entries(attributes).flatMap(([key, value]) =>
          key.includes(":") ? [] : [[key, String(value)]],
        ),
      ),
      children: [],
      text: "",
    };
    if (open.length > 200) fail("expected at most 200 nested elements.");
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("text", (value) => {
    const element = open.at(-1);
    if (element) element.text += value;
  });
  parser.on("cdata", (value) => {
    const element = open.at(-1);
    if (element) element.text += value;
  });
  parser.on("closetag", () => {
    const element = open.pop()!;
    element.text = element.text.trim();
  });
  parser.write(text).close();
  return root ?? fail("expected an XML document, got an empty file.");
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

export function escapeXml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return (
    text
      // eslint-disable-next-line no-control-regex -- characters that XML 1.0 cannot hold
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replaceAll(/[&<>"]/g, (character) => names[character])
  );
}

export function childOf(element: XmlElement, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((child) => child.name === name),
    element,
  );
}

/** Every element of this name, at any depth, in document order. */
export function elementsNamed(element: XmlElement, name: string): XmlElement[] {
  return [
    ...(element.name === name ? [element] : []),
    ...element.children.flatMap((child) => elementsNamed(child, name)),
  ];
}
