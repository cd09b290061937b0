import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { readFilter, writeFilter, type Filter } from "../filter.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NothingKept } from "../parts/nothing-kept.tsx";
import { Opens } from "../parts/opens.tsx";
import { Ribbon } from "../parts/ribbon.tsx";
import { Segments } from "../parts/segments.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, duration, percent, plural } from "../words.ts";
import { MapPicture, type Chosen, type MapAnswer } from "./map-picture.tsx";

/** What really happens, beside what was described, on one picture. */
export function MapPage() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/map" });
  const search = useSearch({ from: "/o/$org/p/$process/map" });
  const navigate = useNavigate({ from: "/o/$org/p/$process/map" });
  const [chosen, choose] = useState<Chosen>();
  const set = (part: Partial<typeof search>) =>
    void navigate({ search: (old: object) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const map = useAsk(
    "GET /organisations/{org}/processes/{process}/map",
    {
      path: { org, process },
      query: {
        filter: search.f,
        activities: search.activities,
        paths: search.paths,
        anew: search.anew ? "true" : undefined,
      },
    },
    { keep: true },
  );
  const colour = search.colour ?? "frequency";
  return (
    <div className="stack tight">
      <div className="page-head">
        <h1>What really happens</h1>
        <p className="lede">
          Every step and path in the evidence, compared with the description. Click a step or a line to open
          its cases.
        </p>
      </div>
      <FilterBar process={process} f={search.f} ready={!map.isFetching} />
      <Loaded of={map} what="the map" tall>
        {(value) => (
          <div className="stack">
            <div className="stack tight">
              {value.cases === 0 && <NothingKept />}
              <Toolbar map={value} search={search} set={set} />
              {search.table ? (
                <MapTable map={value} process={process} f={search.f} />
              ) : (
                <div className="picture">
                  <MapPicture map={value} colour={colour} chosen={chosen} choose={choose} />
                  {chosen && (
                    <div className="over">
                      <Details
                        map={value}
                        chosen={chosen}
                        process={process}
                        f={search.f}
                        close={() => choose(undefined)}
                      />
                    </div>
                  )}
                </div>
              )}
              <Legend map={value} colour={colour} />
            </div>
            <aside aria-label="Variants">
              <TopVariants process={process} f={search.f} ready={!map.isFetching} />
            </aside>
          </div>
        )}
      </Loaded>
    </div>
  );
}

interface Search {
  activities?: number;
  paths?: number;
  colour?: "time";
  anew?: true;
  table?: true;
  f?: string;
}

function Toolbar({ map, search, set }: { map: MapAnswer; search: Search; set: (part: Search) => void }) {
  return (
    <div className="row no-print" style={{ gap: 18 }}>
      <Slider
        label="Steps"
        value={search.activities ?? map.activities.share}
        about={`${map.activities.shown} of ${map.activities.all}`}
        change={(activities) => set({ activities })}
      />
      <Slider
        label="Paths"
        value={search.paths ?? map.paths.share}
        about={`${map.paths.shown} of ${map.paths.all}`}
        change={(paths) => set({ paths })}
      />
      <Segments
        label="Colour"
        value={search.colour ?? "frequency"}
        options={[
          ["frequency", "How often"],
          ["time", "How long"],
        ]}
        choose={(colour) => set({ colour: colour === "time" ? "time" : undefined })}
      />
      <Segments
        label="Shown as"
        value={search.table ? "table" : "picture"}
        options={[
          ["picture", "Picture"],
          ["table", "Table"],
        ]}
        choose={(shown) => set({ table: shown === "table" ? true : undefined })}
      />
      {search.f && (
        <label className="inline">
          <input
            type="checkbox"
            checked={search.anew ?? false}
            onChange={({ target }) => set({ anew: target.checked || undefined })}
          />
          Draw only these cases
        </label>
      )}
    </div>
  );
}

/** Moves at once; the picture follows when the hand rests. */
function Slider({
  label,
  value,
  about,
  change,
}: {
  label: string;
  value: number;
  about: string;
  change: (value: number) => void;
}) {
  const [moved, setMoved] = useState<number>();
  const settle = () => {
    if (moved !== undefined) change(Math.round(moved * 1000) / 1000);
    setMoved(undefined);
  };
  return (
    <label style={{ width: 170 }}>
      <span className="between">
        {label} <small className="quiet">{about}</small>
      </span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={moved ?? value}
        aria-valuetext={`${percent(moved ?? value)}, ${about}`}
        onChange={({ target }) => setMoved(Number(target.value))}
        onPointerUp={settle}
        onKeyUp={settle}
        onBlur={settle}
      />
    </label>
  );
}

function Legend({ map, colour }: { map: MapAnswer; colour: "frequency" | "time" }) {
  const entries: [string, string, string][] =
    map.described && colour === "frequency"
      ? [
          ["var(--accent-weak)", "var(--accent)", "as described"],
          ["var(--warn-weak)", "var(--warn)", "out of order"],
          ["var(--bad-weak)", "var(--bad)", "never described"],
          ["var(--never-weak)", "var(--never)", "described, never seen"],
        ]
      : colour === "time"
        ? [
            ["var(--line-strong)", "var(--line-strong)", "short wait"],
            ["var(--bad)", "var(--bad)", "long wait (median)"],
          ]
        : [
            ["var(--card)", "var(--line-strong)", "seldom"],
            ["var(--accent)", "var(--accent)", "often"],
          ];
  return (
    <p className="legend">
      {entries.map(([fill, stroke, words]) => (
        <span key={words}>
          <i style={{ background: fill, borderColor: stroke }} />
          {words}
        </span>
      ))}
      <span>
        {map.explained === null
          ? "No cases."
          : `${percent(map.explained)} of the cases are shown completely.`}
      </span>
      {!map.described && <span>There is no description to compare with yet. Write the description.</span>}
    </p>
  );
}

function Details({
  map,
  chosen,
  process,
  f,
  close,
}: {
  map: MapAnswer;
  chosen: NonNullable<Chosen>;
  process: string;
  f: string | undefined;
  close: () => void;
}) {
  const { org } = useOrganisation();
  const filter = readFilter(f);
  const node = chosen.kind === "node" ? map.nodes.find(({ id }) => id === chosen.id) : undefined;
  const edge =
    chosen.kind === "edge"
      ? map.edges.find(({ from, to }) => from === chosen.from && to === chosen.to)
      : undefined;
  if (!node && !edge) return null;
  const own: Filter = node
    ? { with: [...new Set([...(filter.with ?? []), node.name])] }
    : { follows: [edge!.fromName, edge!.toName] };
  const next = { ...filter, ...own };
  const times = node ? node.handling : edge!.wait;
  const cases = node ? node.cases : edge!.cases;
  const standing = node ? node.standing : edge!.standing;
  return (
    <div className="card stack tight" role="status">
      <div className="between">
        <h2>{node ? node.name : `${edge!.fromName ?? "start"} → ${edge!.toName ?? "end"}`}</h2>
        <button type="button" className="quiet-button" onClick={close} aria-label="Close the details">
          ✕
        </button>
      </div>
      {standing && (
        <p>
          <span
            className={`badge ${standing === "as described" ? "good" : standing === "never seen" ? "never" : standing === "out of order" ? "warn" : "bad"}`}
          >
            {standing === "never seen" ? "described, never seen" : standing}
          </span>
          {node?.step && <small> · the step “{node.step}”</small>}
        </p>
      )}
      {node?.role && <p>Should be done by: {node.role}</p>}
      <p>
        <Opens process={process} filter={next} enabled={cases > 0}>
          {plural(cases, "case")}
        </Opens>{" "}
        of {count(map.cases)} ({percent(map.cases === 0 ? null : cases / map.cases)}),{" "}
        {plural(node ? node.count : edge!.count, "time")} in total
      </p>
      {times && (
        <p>
          {node ? "Takes" : "Waits"} {duration(times.median)} (median), {duration(times.mean)} on average,{" "}
          {duration(times.p90)} at the 90th percentile.
        </p>
      )}
      {cases > 0 && (
        <div className="row">
          <Link
            className="button"
            to="/o/$org/p/$process/map"
            params={{ org, process }}
            search={(old: object) => ({ ...old, f: writeFilter(next) })}
          >
            Only these cases
          </Link>
          {node && (
            <Link
              className="button"
              to="/o/$org/p/$process/map"
              params={{ org, process }}
              search={(old: object) => ({
                ...old,
                f: writeFilter({ ...filter, without: [...(filter.without ?? []), node.name] }),
              })}
            >
              Cases without it
            </Link>
          )}
        </div>
      )}
    </div>
  );
}

function TopVariants({ process, f, ready }: { process: string; f: string | undefined; ready: boolean }) {
  const { org } = useOrganisation();
  const variants = useAsk(
    "GET /organisations/{org}/processes/{process}/variants",
    { path: { org, process }, query: { filter: f, most: 5 } },
    { keep: true, enabled: ready },
  );
  return (
    <div className="card stack tight">
      <div className="between">
        <h2>Most frequent variants</h2>
        <Link to="/o/$org/p/$process/variants" params={{ org, process }} search={{ f }}>
          All
        </Link>
      </div>
      <Loaded of={variants} what="the variants">
        {({ items, activities, total, for80 }) => (
          <>
            <small>
              {plural(total, "variant")}
              {for80 !== null && `; ${plural(for80, "variant")} cover 80 % of the cases`}
            </small>
            <ol className="columns">
              {items.map((one) => (
                <li key={one.id} className="stack tight">
                  <span>
                    <Opens process={process} filter={{ ...readFilter(f), variant: one.id }}>
                      {plural(one.cases, "case")}
                    </Opens>{" "}
                    <small>
                      {percent(one.share)} · {duration(one.medianMs)}
                    </small>
                  </span>
                  <Ribbon
                    steps={one.steps.slice(0, 12).map((i) => activities[i])}
                    more={Math.max(0, one.length - 12)}
                  />
                </li>
              ))}
            </ol>
          </>
        )}
      </Loaded>
    </div>
  );
}

/** The same as a table: for whoever would rather read, or hears the page. */
function MapTable({ map, process, f }: { map: MapAnswer; process: string; f: string | undefined }) {
  const filter = readFilter(f);
  return (
    <div className="stack">
      <Table
        head={[
          "Step",
          num("Times"),
          num("Cases"),
          num("Duration (median)"),
          map.described && "Compared with the description",
        ]}
        caption="Steps"
      >
        {map.nodes
          .filter(({ id }) => id >= 0)
          .map((node) => (
            <tr key={node.id}>
              <td>{node.name}</td>
              <td className="num">{count(node.count)}</td>
              <td className="num">
                <Opens process={process} filter={{ ...filter, with: [node.name] }} enabled={node.cases > 0}>
                  {count(node.cases)}
                </Opens>
              </td>
              <td className="num">{duration(node.handling?.median)}</td>
              {map.described && <td>{node.standing}</td>}
            </tr>
          ))}
      </Table>
      <Table
        head={[
          "From",
          "To",
          num("Times"),
          num("Cases"),
          num("Wait (median)"),
          map.described && "Compared with the description",
        ]}
        caption="Paths from one step to the next"
      >
        {[...map.edges]
          .sort((a, b) => b.count - a.count)
          .map((edge) => (
            <tr key={`${edge.from}>${edge.to}`}>
              <td>{edge.fromName ?? "start"}</td>
              <td>{edge.toName ?? "end"}</td>
              <td className="num">{count(edge.count)}</td>
              <td className="num">
                <Opens
                  process={process}
                  filter={{ ...filter, follows: [edge.fromName, edge.toName] }}
                  enabled={edge.cases > 0}
                >
                  {count(edge.cases)}
                </Opens>
              </td>
              <td className="num">{duration(edge.wait?.median)}</td>
              {map.described && <td>{edge.standing}</td>}
            </tr>
          ))}
      </Table>
    </div>
  );
}
