import { InputError } from "../input-error.ts";
import { NetBuilder, type PetriNet } from "./petri-net.ts";
import { childOf, elementsNamed, escapeXml, readXml, type XmlElement } from "./xml.ts";

/**
 * A net as PNML (ISO/IEC 15909-2, place/transition nets); silent transitions and the final marking as ProM
 * writes them.
 */
export function writePnml({ name, places, transitions, initial, final }: PetriNet): string {
  const text = (value: string) => `<name><text>${escapeXml(value)}</text></name>`;
  const arcs: string[] = [];
  const arc = (source: string, target: string) =>
    arcs.push(
      `    <arc id="a${arcs.length + 1}" source="${escapeXml(source)}" target="${escapeXml(target)}"/>`,
    );
  const placeId = (p: number) => `place ${p + 1} ${places[p]}`.replaceAll(/[^\w.-]/g, "_");
  const transitionId = (t: number) => `transition_${t + 1}`;
  transitions.forEach(({ inputs, outputs }, t) => {
    inputs.forEach((p) => arc(placeId(p), transitionId(t)));
    outputs.forEach((p) => arc(transitionId(t), placeId(p)));
  });
  const marked = final.flatMap((tokens, p) =>
    tokens > 0 ? [`      <place idref="${placeId(p)}"><text>${tokens}</text></place>`] : [],
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<pnml>",
    '  <net id="net1" type="http://www.pnml.org/version-2009/grammar/ptnet">',
    `    ${text(name)}`,
    '    <page id="page1">',
    ...places.map((place, p) => {
      const tokens = initial[p] > 0 ? `<initialMarking><text>${initial[p]}</text></initialMarking>` : "";
      return `    <place id="${placeId(p)}">${text(place)}${tokens}</place>`;
    }),
    ...transitions.map(({ id, label }, t) => {
      const silent =
        label === undefined ? '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/>' : "";
      return `    <transition id="${transitionId(t)}">${text(label ?? id)}${silent}</transition>`;
    }),
    ...arcs,
    "    </page>",
    "    <finalmarkings><marking>",
    ...marked,
    "    </marking></finalmarkings>",
    "  </net>",
    "</pnml>",
    "",
  ].join("\n");
}

/**
 * Reads a place/transition net. Without a final marking the one place without a way out is final; without an
 * initial marking the one place without a way in holds a token. A transition without a name, or marked as
 * invisible, is silent.
 *
 * Throws InputError with the line for arcs that lead nowhere, weights above 8, and nets whose begin or end
 * cannot be told.
 */
export function readPnml(text: string, file: string): PetriNet {
  const root = readXml(text, file);
  const fail = (line: number, message: string): never => {
    throw new InputError("wrong-pnml", file, `${file}, line ${line}: ${message}`);
  };
  const [net, second] = elementsNamed(root, "net");
  if (root.name !== "pnml" || !net)
    return fail(root.line, `expected a <pnml> document with a <net>, got <${root.name}>.`);
  if (second) fail(second.line, "expected one net, got a second one. Keep the one to compare with.");
  const type = net.attributes["type"] ?? "";
  if (/symmetric|coloured|highlevel|hlpn/i.test(type))
    fail(net.line, `expected a place/transition net, got one of type "${type}".`);
  const ids = new Set<string>();
  for (const name of ["place", "transition"]) {
    for (const { attributes, line } of elementsNamed(net, name).filter((e) => e.attributes["id"])) {
      if (ids.has(attributes["id"]))
        fail(line, `expected an id of its own, got "${attributes["id"]}" a second time.`);
      ids.add(attributes["id"]);
    }
  }
  for (const name of ["referencePlace", "referenceTransition"]) {
    const [reference] = elementsNamed(net, name);
    if (reference) fail(reference.line, `<${name}> is not covered. Save the net on one page.`);
  }
  const builder = new NetBuilder(textOf(net, "name") ?? "process");
  const number = (value: string | undefined, line: number, what: string, missing = 1): number => {
    const count = value === undefined || value === "" ? missing : Number(value.replace(/^Default,/, ""));
    if (!Number.isInteger(count) || count < 0 || count > 8)
      fail(line, `expected ${what} from 0 to 8, got "${value}".`);
    return count;
  };
  const placeOf = new Map<string, number>();
  for (const { attributes, ...element } of elementsNamed(net, "place").filter((p) => p.attributes["id"])) {
    const tokens = textOf({ attributes, ...element }, "initialMarking");
    const p = builder.place(textOf({ attributes, ...element }, "name") || attributes["id"]);
    placeOf.set(attributes["id"], p);
    if (tokens !== undefined) builder.net.initial[p] = number(tokens, element.line, "a number of tokens", 0);
  }
  const transitionOf = new Map<string, number>();
  for (const element of elementsNamed(net, "transition")) {
    const id = element.attributes["id"] ?? fail(element.line, "expected a transition with an id.");
    const name = textOf(element, "name");
    const silent = !name || element.children.some((c) => c.attributes["activity"] === "$invisible$");
    transitionOf.set(id, builder.net.transitions.length);
    builder.transition(silent ? undefined : name, [], [], id);
  }
  for (const element of elementsNamed(net, "arc")) {
    const { source = "", target = "" } = element.attributes;
    const special =
      element.attributes["type"] ??
      childOf(element, "type")?.attributes["value"] ??
      textOf(element, "type") ??
      textOf(element, "arctype");
    if (special && !/^normal$/i.test(special))
      fail(element.line, `an arc of type "${special}" is not covered.`);
    const weight = number(textOf(element, "inscription"), element.line, "an arc weight");
    for (let w = 0; w < weight; w++) {
      if (placeOf.has(source) && transitionOf.has(target)) {
        builder.net.transitions[transitionOf.get(target)!].inputs.push(placeOf.get(source)!);
      } else if (transitionOf.has(source) && placeOf.has(target)) {
        builder.net.transitions[transitionOf.get(source)!].outputs.push(placeOf.get(target)!);
      } else
        fail(
          element.line,
          `expected an arc between a place and a transition of this net, got "${source}" to "${target}".`,
        );
    }
  }
  const { transitions, initial, final, places } = builder.net;
  const entered = new Set(transitions.flatMap(({ outputs }) => outputs));
  const left = new Set(transitions.flatMap(({ inputs }) => inputs));
  if (!initial.some((tokens) => tokens > 0)) {
    const sources = places.flatMap((_, p) => (entered.has(p) ? [] : [p]));
    if (sources.length !== 1)
      fail(net.line, "expected an initial marking, or exactly one place without incoming arcs.");
    initial[sources[0]] = 1;
  }
  const [marking, other] = elementsNamed(root, "finalmarkings").flatMap((element) =>
    elementsNamed(element, "marking"),
  );
  if (other) fail(other.line, "expected one final marking, got a second one.");
  for (const place of marking?.children ?? []) {
    const p = placeOf.get(place.attributes["idref"] ?? "");
    if (p === undefined)
      fail(
        place.line,
        `expected a place of this net in the final marking, got "${place.attributes["idref"]}".`,
      );
    else final[p] = number(childOf(place, "text")?.text, place.line, "a number of tokens");
  }
  if (!final.some((tokens) => tokens > 0)) {
    const sinks = places.flatMap((_, p) => (left.has(p) ? [] : [p]));
    if (sinks.length !== 1)
      fail(net.line, "expected a final marking, or exactly one place without outgoing arcs.");
    final[sinks[0]] = 1;
  }
  return builder.net;
}

/**
 * The text of a labelled child: <name><text>…</text></name>, or <value> as older tools write it; line breaks
 * are blanks.
 */
function textOf(element: XmlElement, name: string): string | undefined {
  const child = childOf(element, name);
  const text = child && (childOf(child, "text") ?? childOf(child, "value"))?.text;
  return text?.replaceAll(/\s+/g, " ");
}
