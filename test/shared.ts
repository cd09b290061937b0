import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The shared material with real logs; undefined where it is not there. `PLUMBLINE_SHARED` names it. */
export const shared = (() => {
  const path = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared");
  return existsSync(`${path}/data/logs`) ? path : undefined;
})();

/** Why a test on real logs is skipped, for its name. */
export const whySkipped = shared ? "" : " (skipped: no shared material; set PLUMBLINE_SHARED)";
