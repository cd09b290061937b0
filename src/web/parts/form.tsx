import { useId, useState, type InputHTMLAttributes, type ReactNode } from "react";
import { Refused } from "../client.ts";

/** A labelled input with what the server found wrong with it. */
export function Field({
  label,
  hint,
  problem,
  ...input
}: { label: string; hint?: ReactNode; problem?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={hint || problem ? `${id}-more` : undefined}
        {...input}
      />
      {(hint || problem) && (
        <small id={`${id}-more`} className={problem ? "bad" : "quiet"}>
          {problem ?? hint}
        </small>
      )}
    </div>
  );
}

/** A form that says beside its button what went wrong, and keeps what was typed. */
export function Form({
  act,
  label,
  children,
  className = "narrow",
  done,
}: {
  act: (values: Record<string, string>) => Promise<unknown>;
  label: string;
  children: ReactNode;
  className?: string;
  /** said when it was done */
  done?: string;
}) {
  const [state, setState] = useState<{ busy: boolean; error?: Error; done?: boolean }>({ busy: false });
  return (
    <form
      className={className === "narrow" ? "narrow" : `stack ${className}`}
      onSubmit={async (event) => {
        event.preventDefault();
        const values: Record<string, string> = {};
        for (const [key, value] of new FormData(event.currentTarget))
          if (typeof value === "string") values[key] = value;
        setState({ busy: true });
        try {
          await act(values);
          setState({ busy: false, done: true });
        } catch (error) {
          setState({ busy: false, error: error as Error });
        }
      }}
    >
      {children}
      <div className="row">
        <button type="submit" className="primary" disabled={state.busy}>
          {label}
        </button>
        <span role="status" className="good">
          {state.done && done}
        </span>
      </div>
      <Refusal of={state.error} />
    </form>
  );
}

/** Why it was not done, where it was not. */
export function Refusal({ of }: { of: Error | null | undefined }) {
  return (
    of && (
      <p className="note bad pre" role="alert">
        {messageOf(of)}
      </p>
    )
  );
}

/** The server's reason without the names of its fields. */
export const messageOf = (error: Error) =>
  error instanceof Refused && error.errors.length > 0
    ? error.errors.map(({ where, message }) => `${fieldOf(where)}: ${message}`).join("\n")
    : error.message;

/** "body.settings.timeZone" as people would call the field: "Time zone". */
function fieldOf(where: string): string {
  const last = where.split(".").findLast((word) => !/^\d+$/.test(word)) ?? where;
  const words = last.replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words[0].toUpperCase() + words.slice(1);
}
