import { parseSync } from "vite";

/** One change of one place in a source file. */
export interface Mutant {
  /** path below the project */
  file: string;
  /** of the place, from 1 */
  line: number;
  /** what stands there, and what is put instead */
  before: string;
  after: string;
  /** character offsets of `before` in the file */
  from: number;
  to: number;
}

type Node = { type: string; start: number; end: number } & Record<string, unknown>;

const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "&&": "||",
  "||": "&&",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
};

/**
 * Every change that a mutation run may make in a source file, in the order of the file: comparisons at their
 * boundary or turned round, arithmetic, `&&` and `||`, a dropped `!` or minus, whole numbers by one and
 * fractions doubled, `Math.min` and `Math.max`, truth values, and results that become `[]`, 0 or their
 * opposite, by the declared type of the function (`detect` of a detector gives `[]`).
 *
 * Types, texts and the property names of objects stay as they are. Throws where the file cannot be parsed.
 */
export function mutantsOf(file: string, source: string): Mutant[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found: Mutant[] = [];
  const add = (from: number, to: number, after: string) => {
    const before = source.slice(from, to);
    const line = source.slice(0, from).split("\n").length;
    if (before !== after) found.push({ file, line, before, after, from, to });
  };
  walk(program as unknown as Node, undefined, undefined);
  return found.sort((x, y) => x.from - y.from || x.to - y.to);

  function walk(node: Node, parent: Node | undefined, result: string | undefined): void {
    if (isTypeOnly(node)) return;
    let own = result;
    if (/Function/.test(node.type)) own = emptyResult(node, parent);
    change(node, parent, own);
    for (const [key, child] of Object.entries(node)) {
      // the name of a property is no expression, and no type is either
      if (key === "key" && node["computed"] !== true) continue;
      if (Array.isArray(child)) {
        for (const one of child) if (isNode(one)) walk(one, node, own);
      } else if (isNode(child)) walk(child, node, own);
    }
  }

  function change(node: Node, parent: Node | undefined, result: string | undefined): void {
    const [left, right] = [node["left"], node["right"]];
    if (isNode(left) && isNode(right) && typeof node["operator"] === "string") {
      const operator = node["operator"];
      const swapped = SWAPPED[operator];
      const ofText = operator.startsWith("+") && (isText(left) || isText(right));
      if (swapped === undefined || ofText) return;
      const at = left.end + source.slice(left.end, right.start).indexOf(operator);
      add(at, at + operator.length, swapped);
      return;
    }
    if (node.type === "UnaryExpression" && (node["operator"] === "!" || node["operator"] === "-")) {
      const argument = node["argument"];
      if (isNode(argument)) add(node.start, argument.start, "");
      return;
    }
    if (node.type === "Literal") {
      const value = node["value"];
      if (typeof value === "boolean") add(node.start, node.end, String(!value));
      // a tolerance of rounding is no threshold, and what is below zero has its minus changed
      else if (
        typeof value === "number" &&
        parent?.type !== "UnaryExpression" &&
        !(value > 0 && value < 1e-6)
      )
        add(node.start, node.end, Number.isInteger(value) ? String(value + 1) : String(value * 2));
      return;
    }
    if (node.type === "MemberExpression" && isNode(node["object"]) && isNode(node["property"])) {
      const [object, property] = [node["object"], node["property"]];
      if (object["name"] !== "Math") return;
      if (property["name"] === "min") add(property.start, property.end, "max");
      if (property["name"] === "max") add(property.start, property.end, "min");
      return;
    }
    const isResult =
      node.type === "ReturnStatement" ||
      (parent?.type === "ArrowFunctionExpression" &&
        parent["body"] === node &&
        node.type !== "BlockStatement");
    const value = node.type === "ReturnStatement" ? node["argument"] : node;
    if (!isResult || !isNode(value) || result === undefined) return;
    const text = source.slice(value.start, value.end);
    if (result === "not") add(value.start, value.end, `!(${text})`);
    else if (text !== result && text !== "[]" && text !== "undefined") add(value.start, value.end, result);
  }
}

/** What a function gives when it finds nothing, by its declared type; undefined where that does not tell. */
function emptyResult(node: Node, parent: Node | undefined): string | undefined {
  const key = parent?.["key"];
  if (isNode(key) && key["name"] === "detect") return "[]";
  const annotation = node["returnType"];
  const type = isNode(annotation) ? annotation["typeAnnotation"] : undefined;
  if (!isNode(type)) return undefined;
  if (type.type === "TSArrayType") return "[]";
  if (type.type === "TSNumberKeyword") return "0";
  return type.type === "TSBooleanKeyword" ? "not" : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Whether nothing of it runs. */
function isTypeOnly({ type }: Node): boolean {
  return (
    (type.startsWith("TS") &&
      !["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"].includes(type)) ||
    type === "ImportDeclaration"
  );
}

function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");
}
