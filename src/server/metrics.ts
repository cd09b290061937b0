import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** What a monitoring system reads at /metrics. */
export interface Metrics {
  request(method: string, path: string, status: number, seconds: number): void;
  text(): Promise<string>;
}

/** Metrics of this process; `waiting` and `running` say how much background work there is. */
export function metricsOf(waiting: () => Promise<number>, running: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "plumbline_http_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "path", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "plumbline_http_request_seconds",
    help: "How long requests took.",
    labelNames: ["method", "path"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const waits = new Gauge({
    name: "plumbline_work_waiting",
    help: "Background work that waits for its turn.",
    registers: [registry],
  });
  const runs = new Gauge({
    name: "plumbline_work_running",
    help: "Background work that this process does now.",
    registers: [registry],
  });
  return {
    request(method, path, status, seconds) {
      requests.inc({ method, path, status });
      durations.observe({ method, path }, seconds);
    },
    async text() {
      waits.set(await waiting());
      runs.set(running());
      return registry.metrics();
    },
  };
}
