import type { Random } from "../../statistics/random.ts";
import { type Plant, leakOf, pct } from "./plant.ts";
import { choiceAttribute, staffOf } from "./steps.ts";

/** A field is left empty, by everybody now and then or by a few people often. */
export const missingData: Plant = {
  detector: "missing-data",
  plant(world) {
    const attribute = choiceAttribute(world);
    if (!attribute) return undefined;
    const enterers = staffOf(world, attribute.enteredAt);
    const few = world.random.chance(0.6);
    const who = few
      ? world.random.shuffle([...enterers]).slice(0, Math.max(1, Math.ceil(enterers.length * 0.3)))
      : enterers;
    const share = few ? 0.4 + 0.35 * world.strength : 0.15 + 0.2 * world.strength;
    const leak = leakOf(
      world,
      [attribute.name],
      `${few ? "a few people leave" : "everybody leaves"} "${attribute.name}" empty in ${pct(share)}`,
      few ? who : [],
    );
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step !== attribute.enteredAt || !who.includes(row.person) || !world.random.chance(share))
            return;
          row.case.values[attribute.name] = world.random.chance(0.15) ? "n/a" : "";
          leak.cases.add(row.case.id);
        },
      },
    };
  },
};

/** In record tables: invoices have no due date. */
export const missingDueDates = {
  detector: "missing-data",
  /** Empties a column of some rows (id first), in place; gives the ids of those it emptied. */
  empty(random: Random, rows: string[][], dueDate: number): string[] {
    const share = 0.06 + 0.12 * random.next();
    return rows.flatMap((row) => {
      if (!random.chance(share)) return [];
      row[dueDate] = random.chance(0.2) ? "n/a" : "";
      return [row[0]];
    });
  },
};
