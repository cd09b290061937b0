/**
 * A line on standard error that shows how far long work is; nothing when it is no terminal or work ends
 * within a second.
 */
export interface Progress {
  /** `share` from 0 to 1, undefined where it is unknown */
  update(share: number | undefined, what?: string): void;
  stop(): void;
}

export function startProgress(what: string): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const begun = performance.now();
  let drawn = 0;
  let label = what;
  return {
    update(share, next) {
      if (next) label = next;
      const now = performance.now();
      if (now - begun < 1000 || now - drawn < 100) return;
      drawn = now;
      const done =
        share === undefined ? "" : ` ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} %`;
      process.stderr.write(`\r\u001b[2K${label}${done}`);
    },
    stop() {
      if (drawn > 0) process.stderr.write("\r\u001b[2K");
      drawn = 0;
    },
  };
}
