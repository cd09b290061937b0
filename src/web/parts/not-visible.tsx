import type { ReactNode } from "react";

/**
 * Not visible here: what is missing, and how to supply it. Absence of data is said, never shown as health or
 * zero.
 */
export function NotVisible({
  missing,
  supply,
  children,
}: {
  missing: ReactNode;
  supply?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="not-visible">
      <p>
        <strong>Not visible here.</strong> Missing: {missing}.
      </p>
      {children}
      {supply && <p>{supply}</p>}
    </div>
  );
}
