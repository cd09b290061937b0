import { writeFileSync } from "node:fs";

// Loaded before a measured program: on its end writes what it used to the file that BENCH_USAGE names.
// Threads count too.
if (process.env["BENCH_USAGE"]) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(
      process.env["BENCH_USAGE"]!,
      JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peakMiB: Math.round(maxRSS / 1024) }),
    );
  });
}
