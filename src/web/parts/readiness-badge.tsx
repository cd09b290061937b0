const LOOKS: Record<string, string> = {
  ready: "good",
  "fix first": "bad",
  "keep with people": "never",
  "not enough evidence": "",
};

/** The verdict on a step, in its colour. */
export const ReadinessBadge = ({ verdict }: { verdict: string }) => (
  <span className={`badge ${LOOKS[verdict]}`}>{verdict}</span>
);
