/** A terminal's Ctrl-C reaches a process twice when npm passes it on; who means it twice takes longer. */
const TWICE_MS = 1500;

/** Waits until the operating system asks this process to end, then lets it end in order; asked again later, it ends at once. */
export async function untilStopped(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((asked) => {
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
  await stop();
}
