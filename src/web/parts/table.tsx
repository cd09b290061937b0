import type { ReactNode } from "react";

/** The head of a column: its words, or its words and how it looks; `false` where the column is not shown. */
type Head = string | { text: string; look?: string; hidden?: true } | false | undefined;

/** The head of a column of numbers. */
export const num = (text: string, look = ""): Head => ({ text, look: `num ${look}`.trim() });

/** A head for screen readers only, where the eye needs none. */
export const unseen = (text: string, look?: string): Head => ({ text, look, hidden: true });

/** A table that scrolls sideways by itself where it is wider than its place; the children are its rows. */
export function Table({
  head,
  caption,
  within = false,
  maxHeight,
  children,
}: {
  head: Head[];
  /** what it is, for screen readers, where no heading says so */
  caption?: string;
  /** it stands on a card already */
  within?: boolean;
  maxHeight?: number;
  children: ReactNode;
}) {
  const heads = head.flatMap((one) => (one ? [typeof one === "string" ? { text: one } : one] : []));
  return (
    <div
      className={within ? "table-wrap" : "card flush table-wrap"}
      style={maxHeight === undefined ? undefined : { maxHeight, overflow: "auto" }}
    >
      <table>
        {caption && <caption className="visually-hidden">{caption}</caption>}
        <thead>
          <tr>
            {heads.map(({ text, look, hidden }) => (
              <th key={text} className={look}>
                {hidden ? <span className="visually-hidden">{text}</span> : text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
