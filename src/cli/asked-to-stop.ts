/** A terminal's Ctrl-C reaches a process twice when npm passes it on; who means it twice takes longer. */
const TWICE_MS = 1500;

/**
 * Listens from now on for the operating system's wish that this process end, and comes back when it is asked;
 * asked again later, the process ends at once. Called before the process says that it is ready, so that who
 * asks right then is heard.
 */
export function askedToStop(): Promise<void> {
  return new Promise((asked) => {
    let first = 0;
    const listen = () => {
      const now = performance.now();
      if (first === 0) first = now;
      else if (now - first > TWICE_MS) process.exit(1);
      asked();
    };
    process.on("SIGTERM", listen);
    process.on("SIGINT", listen);
  });
}
