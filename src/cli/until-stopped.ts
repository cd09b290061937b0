/** Waits until the operating system asks this process to end, then lets it end in order; asked twice, it ends at once. */
export async function untilStopped(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((asked) => {
    const listen = (signal: NodeJS.Signals) => {
      process.removeListener("SIGTERM", listen);
      process.removeListener("SIGINT", listen);
      process.once(signal, () => process.exit(1));
      asked();
    };
    process.on("SIGTERM", listen);
    process.on("SIGINT", listen);
  });
  await stop();
}
