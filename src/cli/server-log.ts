import { pino, stdTimeFunctions } from "pino";
import type { ServerLog } from "../server/serve.ts";

/**
 * The server's log: one JSON document a line, on standard error. What could hold a secret never gets in;
 * should it, it is cut out.
 */
export function serverLog(level: string): ServerLog {
  return pino(
    {
      level,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      redact: {
        paths: [
          "password",
          "secret",
          "token",
          "authorization",
          "cookie",
          "*.password",
          "*.secret",
          "*.token",
        ],
        censor: "[cut out]",
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
