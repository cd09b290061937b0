import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { promiseKept } from "../../src/implementations/promise-result.ts";

const seen = (effect: number, half: number, unit: "h" | "share" = "h") => ({
  unit,
  after: 10 + effect,
  effect,
  interval: [effect - half, effect + half] as [number, number],
});

describe("whether a promise was kept", () => {
  test("by hand: 20 % less of ten hours", () => {
    const promise = { direction: "less", size: 20, unit: "%" } as const;
    expect(promiseKept(promise, seen(-3, 0.5))).toEqual({
      verdict: "kept",
      words: "seen 30 % less than expected (95 %: 33 % less to 26 % less)",
    });
    expect(promiseKept(promise, seen(-1, 0.5)).verdict).toBe("not kept");
    expect(promiseKept(promise, seen(-2, 0.5)).verdict).toBe("cannot be shown");
    // the other way is not kept, however much
    expect(promiseKept(promise, seen(5, 0.5)).verdict).toBe("not kept");
  });

  test("in hours, minutes and points, more as well as less, and any change where no size was said", () => {
    expect(promiseKept({ direction: "less", size: 2, unit: "hours" }, seen(-3, 0.5)).verdict).toBe("kept");
    expect(promiseKept({ direction: "less", size: 90, unit: "minutes" }, seen(-3, 0.5)).verdict).toBe("kept");
    expect(promiseKept({ direction: "less", size: 5, unit: "points" }, seen(-0.08, 0.02, "share"))).toEqual({
      verdict: "kept",
      words: "seen 8.0 points less than expected (95 %: 10.0 points less to 6.0 points less)",
    });
    expect(promiseKept({ direction: "more", size: 2, unit: "hours" }, seen(3, 0.5)).verdict).toBe("kept");
    const any = { direction: "less", size: null, unit: null } as const;
    expect(promiseKept(any, seen(-0.1, 0.05)).verdict).toBe("kept");
    expect(promiseKept(any, seen(-0.1, 0.2)).verdict).toBe("cannot be shown");
    expect(promiseKept(any, seen(0.3, 0.2)).verdict).toBe("not kept");
  });

  test("a percentage is of what was to be expected: what was seen is known, and of nothing there is none", () => {
    const promise = { direction: "less", size: 50, unit: "%" } as const;
    // 0.2 seen where 1.6 to 0.4 was to be expected: 87.5 to 50 % less, and never more than all
    const few = { unit: "h", after: 0.2, effect: -0.8, interval: [-1.4, -0.2] } as const;
    expect(promiseKept(promise, { ...few, interval: [-1.4, -0.2] })).toEqual({
      verdict: "kept",
      words: "seen 80 % less than expected (95 %: 88 % less to 50 % less)",
    });
    const nothing = { unit: "share", after: 0, effect: 0, interval: [0, 0] as [number, number] } as const;
    expect(promiseKept(promise, nothing).verdict).toBe("cannot be shown");
    const below = {
      unit: "share",
      after: 0.05,
      effect: 0.15,
      interval: [0.1, 0.2] as [number, number],
    } as const;
    expect(promiseKept({ ...promise, direction: "more" }, below).verdict).toBe("cannot be shown");
  });

  test("whatever the interval, the verdict is what all of it says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("less", "more"),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: 0, max: 6, noNaN: true }),
        (direction, size, effect, half) => {
          const { verdict } = promiseKept({ direction, size, unit: "hours" }, seen(effect, half));
          // every change that the interval holds, one by one
          const reaches = Array.from({ length: 101 }, (_, i) => effect - half + (i / 100) * 2 * half).map(
            (value) => (direction === "less" ? -value : value) >= size,
          );
          expect(verdict).toBe(
            reaches.every(Boolean) ? "kept" : reaches.some(Boolean) ? "cannot be shown" : "not kept",
          );
        },
      ),
    );
  });
});
