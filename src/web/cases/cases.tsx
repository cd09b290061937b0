import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { ask } from "../client.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, date, dateTime, decimal, duration, plural } from "../words.ts";
import { CaseStory } from "./case-story.tsx";

const PAGE = 200;
const ROW = 36;
/** Browsers draw elements of up to some ten million pixels: more rows than that share the room. */
const TALLEST = 12_000_000;

type Order = "begin" | "-begin" | "duration" | "-duration" | "events" | "-events";

/** The cases that a filter keeps: all of them, however many; each opens to its story. */
export function Cases() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/cases" });
  const search = useSearch({ from: "/o/$org/p/$process/cases" });
  const navigate = useNavigate({ from: "/o/$org/p/$process/cases" });
  const order = (search.order ?? "-begin") as Order;
  const path = { org, process };
  const first = useAsk(
    "GET /organisations/{org}/processes/{process}/cases",
    { path, query: { filter: search.f, order, from: 0, most: PAGE } },
    { keep: true },
  );
  if (search.case !== undefined)
    return (
      <div className="stack">
        <p>
          <Link
            to="/o/$org/p/$process/cases"
            params={path}
            search={(old: object) => ({ ...old, case: undefined })}
          >
            ← Back to the cases
          </Link>
        </p>
        <CaseStory process={process} id={search.case} />
      </div>
    );
  return (
    <div className="stack tight">
      <div className="page-head">
        <h1>Cases</h1>
      </div>
      <FilterBar process={process} f={search.f} />
      <Loaded of={first} what="the cases" tall>
        {({ total, durations, amountColumn }) => (
          <>
            <p className="quiet">
              {plural(total, "case")}
              {durations &&
                `, median duration ${duration(durations.median)}, 90th percentile ${duration(durations.p90)}`}
            </p>
            <CaseList
              key={`${search.f} ${order}`}
              path={path}
              f={search.f}
              order={order}
              total={total}
              amountColumn={amountColumn}
              sort={(next) =>
                void navigate({ search: (old: object) => ({ ...old, order: next }), replace: true })
              }
            />
          </>
        )}
      </Loaded>
    </div>
  );
}

function CaseList({
  path,
  f,
  order,
  total,
  amountColumn,
  sort,
}: {
  path: { org: string; process: string };
  f: string | undefined;
  order: Order;
  total: number;
  amountColumn: string | null;
  sort: (order: Order) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const squeeze = Math.max(1, (total * ROW) / TALLEST);
  const rows = useVirtualizer({
    count: Math.ceil(total / squeeze),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  // where there is not room for each row, the place in the list tells which rows are meant, and they follow
  // one another from there
  const firstRow = squeeze === 1 ? (items[0]?.index ?? 0) : Math.floor((items[0]?.index ?? 0) * squeeze);
  const wanted = items.map((item, i) => ({
    item,
    row: squeeze === 1 ? item.index : Math.min(total - 1, firstRow + i),
  }));
  const pages = [...new Set(wanted.map(({ row }) => Math.floor(row / PAGE)))];
  const answers = useQueries({
    queries: pages.map((page) => {
      const asked = { path, query: { filter: f, order, from: page * PAGE, most: PAGE } };
      return {
        queryKey: ["GET /organisations/{org}/processes/{process}/cases", asked],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          ask("GET /organisations/{org}/processes/{process}/cases", asked, signal),
        staleTime: 60_000,
      };
    }),
  });
  const caseAt = (row: number) => answers[pages.indexOf(Math.floor(row / PAGE))]?.data?.items[row % PAGE];
  const heading = (words: string, key: "begin" | "duration" | "events") => (
    <span
      role="columnheader"
      className={key === "begin" ? "" : "num"}
      aria-sort={order === key ? "ascending" : order === `-${key}` ? "descending" : "none"}
    >
      <button
        type="button"
        className="quiet-button"
        onClick={() => sort(order === `-${key}` ? key : `-${key}`)}
      >
        {words} {order === key ? "↑" : order === `-${key}` ? "↓" : ""}
      </button>
    </span>
  );
  return (
    <div className="card flush case-list" role="table" aria-rowcount={total + 1} aria-label="Cases">
      <div role="rowgroup">
        <div className="case-row head" role="row" aria-rowindex={1}>
          <span role="columnheader">Case</span>
          {heading("Started", "begin")}
          {heading("Duration", "duration")}
          {heading("Events", "events")}
          <span role="columnheader" className="num hide-narrow">
            People
          </span>
          <span role="columnheader" className="num hide-narrow">
            {amountColumn ?? "Amount"}
          </span>
        </div>
      </div>
      <div ref={scroller} className="case-scroll" tabIndex={0} role="rowgroup">
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {wanted.map(({ item, row }) => {
            const one = caseAt(row);
            return (
              <div
                key={item.key}
                className="case-row"
                role="row"
                aria-rowindex={row + 2}
                style={{ position: "absolute", top: item.start, height: ROW, left: 0, right: 0 }}
              >
                {one ? (
                  <>
                    <span role="cell">
                      <Link
                        to="/o/$org/p/$process/cases"
                        params={path}
                        search={{ f, order, case: one.id }}
                        className="opens"
                      >
                        {one.id}
                      </Link>
                    </span>
                    <span role="cell">
                      <span className="hide-narrow">{dateTime(one.begin)}</span>
                      <span className="only-narrow">{date(one.begin)}</span>
                    </span>
                    <span role="cell" className="num">
                      {duration(one.durationMs)} {!one.closed && <small title="not finished yet">open</small>}
                    </span>
                    <span role="cell" className="num">
                      {count(one.events)}
                    </span>
                    <span role="cell" className="num hide-narrow">
                      {one.people === null ? "–" : count(one.people)}
                    </span>
                    <span role="cell" className="num hide-narrow">
                      {one.amount === null ? "–" : decimal(one.amount)}
                    </span>
                  </>
                ) : (
                  <span role="cell" className="quiet">
                    …
                  </span>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {total === 0 && (
        <p className="quiet" style={{ padding: 14 }}>
          No case matches the filter.
        </p>
      )}
    </div>
  );
}
