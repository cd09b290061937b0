import type { Random } from "../../statistics/random.ts";
import { type Plant, leakOf } from "./plant.ts";
import { choiceAttribute, staffOf, isRequesterRole } from "./steps.ts";

/** Some people write a field in their own spelling, or always choose the same value. */
export const inconsistentEntry: Plant = {
  detector: "inconsistent-entry",
  plant(world) {
    const attribute = choiceAttribute(world);
    if (!attribute) return undefined;
    const enterers = staffOf(world, attribute.enteredAt);
    if (enterers.length < 3) return undefined;
    const who = world.random.shuffle([...enterers]).slice(0, Math.max(1, Math.floor(enterers.length * 0.3)));
    const share = 0.5 + 0.4 * world.strength;
    const spelling =
      world.random.chance(0.5) || isRequesterRole(world.plan, world.plan.steps[attribute.enteredAt].role);
    const leak = leakOf(
      world,
      [attribute.name],
      spelling
        ? `some write "${attribute.name}" their own way`
        : `some always choose the same "${attribute.name}"`,
      who,
    );
    const favourite = world.random.pick(attribute.values!);
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step !== attribute.enteredAt || !who.includes(row.person) || !world.random.chance(share))
            return;
          const value = String(row.case.values[attribute.name] ?? "");
          if (value === "") return;
          row.case.values[attribute.name] = spelling ? misspelt(value) : favourite;
          leak.cases.add(row.case.id);
        },
      },
    };
  },
};

function misspelt(value: string): string {
  if (/^\d+$/.test(value)) return `KST${value}`;
  if (/\d/.test(value))
    return value.replace(
      /^([A-Za-z]+)-?(\d+)$/,
      (_, letters: string, digits: string) => `${letters.toLowerCase()} ${digits}`,
    );
  return value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase();
}

/** In record tables: countries stand in several spellings. */
export const inconsistentCountries = {
  detector: "inconsistent-entry",
  /** Spells a column of some rows (id first) otherwise, in place; gives the ids of those it changed. */
  respell(random: Random, rows: string[][], country: number): string[] {
    return rows.flatMap((row) => {
      if (!random.chance(0.12)) return [];
      const usual = row[country];
      row[country] = random.pick([usual.toUpperCase(), usual.toLowerCase(), ` ${usual}.`.trim()]);
      return [row[0]];
    });
  },
};
