import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { exactMoney, plainDate, untilDay } from "../words.ts";
import { Meeting } from "./acts.tsx";

export type Inventory = Answer<"GET /organisations/{org}/implementations/{implementation}">;
export type Gap = Inventory["gaps"][number];

const TABS = [
  ["", "Readiness"],
  ["/requirements", "Requirements"],
  ["/gaps", "Gaps"],
  ["/promises", "Promises"],
  ["/results", "Results"],
  ["/record", "Record"],
] as const;

/** What every tab of an implementation stands in: the verdict, what it rests on, the tabs. */
export function ImplementationFrame({ children }: { children: (value: Inventory) => ReactNode }) {
  const { org } = useOrganisation();
  const { implementation } = useParams({ strict: false }) as { implementation: string };
  const inventory = useAsk("GET /organisations/{org}/implementations/{implementation}", {
    path: { org, implementation },
  });
  return (
    <Loaded of={inventory} what="the implementation" tall>
      {(value) => (
        <div className="stack">
          <Head value={value} />
          <nav className="tabs no-print" aria-label="Implementation">
            {TABS.map(([path, words]) => (
              <Link
                key={path}
                to={`/o/$org/implementations/$implementation${path}`}
                params={{ org, implementation }}
                activeOptions={{ exact: true }}
              >
                {words}
                {path === "/gaps" && <Waiting value={value} />}
              </Link>
            ))}
          </nav>
          {children(value)}
        </div>
      )}
    </Loaded>
  );
}

/** How many gaps are open, beside the tab. */
function Waiting({ value: { gaps } }: { value: Inventory }) {
  const open = gaps.filter(({ state }) => state === "open").length;
  return open === 0 ? null : <span className="num"> {open}</span>;
}

function Head({ value: { implementation: tool, answer } }: { value: Inventory }) {
  const { org, may } = useOrganisation();
  const facts = [
    tool.tool,
    tool.startsOn &&
      (tool.state === "planned"
        ? `goes live ${plainDate(tool.startsOn)} (${untilDay(tool.startsOn)})`
        : `in use since ${plainDate(tool.startsOn)}`),
    tool.costPerMonth !== null && `${exactMoney(tool.costPerMonth, tool.currency ?? "EUR")} a month`,
  ].filter(Boolean);
  return (
    <div className="page-head">
      <p className="where">
        <Link to="/o/$org/implementations" params={{ org }}>
          Implementations
        </Link>{" "}
        · {tool.name}
      </p>
      <h1 className={`verdict ${ANSWER_LOOKS[answer.state]}`}>{answer.sentences[0]}</h1>
      <p className="lede">{facts.join(" · ") || "No date or cost yet."}</p>
      <div className="row no-print">
        <a
          className="button"
          href={`/api/organisations/${org}/implementations/${tool.id}/inventory.pdf`}
          target="_blank"
          rel="noreferrer"
        >
          One-page report (PDF)
        </a>
        {may("decide gaps") && <Meeting tool={tool.id} />}
      </div>
    </div>
  );
}

const ANSWER_LOOKS = {
  ready: "good",
  "accepted gaps": "warn",
  "not yet": "bad",
  "cannot be told": "",
} as const;
