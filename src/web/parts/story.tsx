import type { Answer } from "../client.ts";
import { dateTime, duration, workTime } from "../words.ts";

type StoryEvent = Answer<"GET /organisations/{org}/processes/{process}/case">["events"][number];

/** Letters tell people apart within one story, without naming them. */
function lettersOf(events: readonly StoryEvent[]): Map<number, string> {
  const letters = new Map<number, string>();
  for (const { person } of events)
    if (person !== null && !letters.has(person))
      letters.set(
        person,
        letters.size < 26 ? String.fromCharCode(65 + letters.size) : `#${letters.size + 1}`,
      );
  return letters;
}

/** A case's story as a time line: what, when, under which role, and how long it waited. */
export function Story({ events, names }: { events: readonly StoryEvent[]; names?: Record<string, string> }) {
  const letters = lettersOf(events);
  const who = ({ role, person }: StoryEvent) => {
    const one = person === null ? null : (names?.[person] ?? `person ${letters.get(person)}`);
    return [role, one].filter(Boolean).join(" · ") || "nobody recorded";
  };
  return (
    <ol className="timeline">
      {events.map((event, i) => (
        <li key={i} className={event.standing === "never described" ? "odd" : ""}>
          <span className="when">{dateTime(event.end)}</span>
          <span className="dot" aria-hidden="true" />
          <div className="what">
            {event.waitMs !== null && event.waitMs > 60_000 && (
              <p className="gap">
                after {duration(event.waitMs)}
                {event.waitWorkingMs !== null && event.waitWorkingMs !== event.waitMs && (
                  <> ({workTime(event.waitWorkingMs)} of working time)</>
                )}
              </p>
            )}
            <p>
              <span className="strong">{event.activity}</span>{" "}
              {event.standing === "never described" && <span className="badge bad">never described</span>}
            </p>
            <p className="quiet">
              {who(event)}
              {event.begin && ` · started ${dateTime(event.begin)}`}
            </p>
            {event.attributes.length > 0 && (
              <p className="quiet">
                <small>{event.attributes.map(([name, value]) => `${name}: ${value}`).join(" · ")}</small>
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
