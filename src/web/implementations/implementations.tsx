import { Link } from "@tanstack/react-router";
import { ask, type Answer } from "../client.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { num, Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { exactMoney, plainDate, plural, untilDay } from "../words.ts";

type Listed = Answer<"GET /organisations/{org}/implementations">["items"];

/** Every tool and rollout, planned or paid for. */
export function Implementations() {
  const { org, may } = useOrganisation();
  const implementations = useAsk("GET /organisations/{org}/implementations", { path: { org } });
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  return (
    <Loaded of={implementations} what="the implementations">
      {({ items }) => (
        <div className="stack">
          <div className="page-head">
            <p className="where">Implementations</p>
            <h1>{headline(items)}</h1>
            <p className="lede">Open one for its verdict, its gaps and the people who decide them.</p>
          </div>
          {may("manage processes") && (
            <p className="no-print">
              <Link className="button primary" to="/o/$org/implementations/new" params={{ org }}>
                Add an implementation
              </Link>
            </p>
          )}
          <Loaded of={processes}>
            {(known) => <ImplementationTable implementations={items} processes={known.items} />}
          </Loaded>
        </div>
      )}
    </Loaded>
  );
}

function headline(items: Listed): string {
  const planned = items.filter(({ state }) => state === "planned");
  const next = planned
    .filter(({ startsOn }) => startsOn !== null)
    .sort((a, b) => a.startsOn!.localeCompare(b.startsOn!))[0];
  if (items.length === 0) return "No implementation is planned or in use";
  const counts = `${plural(planned.length, "implementation")} planned, ${items.length - planned.length} in use`;
  return next ? `${counts}; ${next.name} goes live ${plainDate(next.startsOn)}` : counts;
}

/** Implementations with their dates, costs and the processes that they touch. */
export function ImplementationTable({
  implementations,
  processes,
}: {
  implementations: Listed;
  processes: { id: string; name: string }[];
}) {
  const { org, may } = useOrganisation();
  const mayAdd = may("manage processes");
  const nameOf = (id: string) => processes.find((one) => one.id === id)?.name ?? "a removed process";
  return implementations.length === 0 ? (
    <NotVisible missing="tools that are planned or in use: name, date and the processes they touch">
      {mayAdd && (
        <Link to="/o/$org/implementations/new" params={{ org }}>
          Add an implementation
        </Link>
      )}
    </NotVisible>
  ) : (
    <Table
      head={["Implementation", "Date", "Touches", num("Cost per month"), mayAdd && unseen("Actions")]}
      within
    >
      {implementations.map((one) => (
        <tr key={one.id}>
          <td>
            <Link
              className="strong"
              to={
                one.state === "planned"
                  ? "/o/$org/implementations/$implementation"
                  : "/o/$org/implementations/$implementation/results"
              }
              params={{ org, implementation: one.id }}
            >
              {one.name}
            </Link>
            {one.tool && <small> · {one.tool}</small>}
          </td>
          <td>
            {one.state === "planned" ? "goes live " : "since "}
            {plainDate(one.startsOn)}
            {one.state === "planned" && one.startsOn && <small> · {untilDay(one.startsOn)}</small>}
          </td>
          <td>
            {one.touches.map(({ processId }, i) => (
              <span key={processId}>
                {i > 0 && ", "}
                <Link to="/o/$org/p/$process/summary" params={{ org, process: processId }}>
                  {nameOf(processId)}
                </Link>
              </span>
            ))}
          </td>
          <td className="num">
            {one.costPerMonth === null ? "–" : exactMoney(one.costPerMonth, one.currency ?? "EUR")}
          </td>
          {mayAdd && (
            <td>
              <RemoveImplementation id={one.id} name={one.name} />
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

function RemoveImplementation({ id, name }: { id: string; name: string }) {
  const { org } = useOrganisation();
  const remove = useDo(() =>
    ask("DELETE /organisations/{org}/implementations/{implementation}", {
      path: { org, implementation: id },
    }),
  );
  return (
    <Confirm button="Remove" title={`Remove “${name}”?`} act={() => remove.mutateAsync(undefined)}>
      <p>It disappears from every page. The audit trail keeps its entries.</p>
    </Confirm>
  );
}
