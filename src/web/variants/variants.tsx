import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { readFilter } from "../filter.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NothingKept } from "../parts/nothing-kept.tsx";
import { Opens } from "../parts/opens.tsx";
import { Ribbon } from "../parts/ribbon.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, duration, percent, plural } from "../words.ts";

const PAGE = 50;

/** The different ways through the process, most frequent first. */
export function Variants() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/variants" });
  const { f } = useSearch({ from: "/o/$org/p/$process/variants" });
  const [shown, setShown] = useState(PAGE);
  const variants = useAsk(
    "GET /organisations/{org}/processes/{process}/variants",
    { path: { org, process }, query: { filter: f, most: shown } },
    { keep: true },
  );
  return (
    <div className="stack tight">
      <div className="page-head">
        <h1>Variants</h1>
        <p className="lede">
          Cases with the same steps in the same order form a variant. Work with many rare variants is hard to
          automate.
        </p>
      </div>
      <FilterBar process={process} f={f} />
      <Loaded of={variants} what="the variants" tall>
        {({ items, activities, total, for80, cases }) =>
          cases === 0 ? (
            <NothingKept />
          ) : (
            <>
              <p>
                {plural(cases, "case")} follow {plural(total, "variant")}.{" "}
                {for80 !== null && `${plural(for80, "variant")} cover 80 % of the cases.`}
              </p>
              <Table
                head={[
                  num("Cases"),
                  num("Share", "bar-cell"),
                  num("Cumulative"),
                  num("Duration (median)"),
                  num("90th percentile"),
                  "Steps",
                ]}
              >
                {items.map((one) => (
                  <tr key={one.id}>
                    <td className="num">
                      <Opens process={process} filter={{ ...readFilter(f), variant: one.id }}>
                        {count(one.cases)}
                      </Opens>
                    </td>
                    <td className="num bar-cell">
                      {percent(one.share)}
                      <span className="bar" aria-hidden="true">
                        <i style={{ width: `${(one.share / items[0].share) * 100}%` }} />
                      </span>
                    </td>
                    <td className="num">{percent(one.covered)}</td>
                    <td className="num">{duration(one.medianMs)}</td>
                    <td className="num">{duration(one.p90Ms)}</td>
                    <td>
                      <Ribbon
                        steps={one.steps.slice(0, 40).map((i) => activities[i])}
                        more={Math.max(0, one.length - 40)}
                      />
                    </td>
                  </tr>
                ))}
              </Table>
              {total > items.length && (
                <p>
                  <button
                    type="button"
                    onClick={() => setShown(Math.min(500, shown + 100))}
                    disabled={shown >= 500}
                  >
                    {shown >= 500
                      ? `The first 500 of ${count(total)}: filter to see others`
                      : `Show more (${count(total - items.length)} left)`}
                  </button>
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
