import { eachText, withEvidence, withoutValues } from "../input-error.ts";
import { onPages } from "../wording/choices.ts";
import { withoutOwnPlaces } from "../store/places.ts";

/**
 * An answer as JSON, and the last place at which what is not for its reader is taken out, whatever a route
 * has forgotten: values that were not taken from a file, those of the evidence for whoever is no member
 * (`isMember`), and where data lies on this machine. What a message asks to choose becomes a field of a page.
 * Nothing to take out costs one look through the text.
 */
export function toldJson(value: unknown, isMember: boolean): string {
  const json = JSON.stringify(value);
  const told = isMember ? withEvidence : withoutValues;
  const hidden = (text: string) => onPages(told(withoutOwnPlaces(text)));
  return hidden(json) === json ? json : JSON.stringify(eachText(JSON.parse(json), hidden));
}
