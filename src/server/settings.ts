import { InputError } from "../input-error.ts";
import type { OidcSettings } from "./sign-in.ts";

/** Where a server keeps things, and how it is reached. */
export interface Settings {
  directory: string;
  databaseUrl: string | undefined;
  /** a folder, or an S3-compatible store; undefined for the data directory */
  blobs: string | undefined;
  host: string;
  port: number;
  /** the address that people open, without a slash at its end */
  address: string;
  oidc: OidcSettings | undefined;
  uploadLimit: number;
  /** how much background work this process does at once; 0 leaves it to `plumbline worker` */
  atOnce: number;
  /** MiB that one process that reads files may take; undefined for half of the machine's */
  memoryMb: number | undefined;
  /** minutes for one piece of background work; undefined for what its kind may take */
  workMinutes: number | undefined;
  /** proxies between people and this server whose word on addresses is taken */
  proxies: number;
  /** what a monitoring system must send to read /metrics from another machine */
  metricsToken: string | undefined;
}

const GIB = 2 ** 30;

/** The settings that the environment gives. Throws InputError for values that cannot be meant. */
export function settingsOf(environment: Record<string, string | undefined>): Settings {
  const set = (name: string) => environment[name] || undefined;
  const whole = (name: string, fallback: number, least: number, most: number) => {
    const value = set(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InputError(
      "wrong-setting",
      name,
      `${name}: expected a whole number from ${least} to ${most}, got "${value}".`,
    );
  };
  const host = set("HOST") ?? "127.0.0.1";
  const port = whole("PORT", 7700, 0, 65_535);
  const issuer = set("OIDC_ISSUER");
  const clientId = set("OIDC_CLIENT_ID");
  const clientSecret = set("OIDC_CLIENT_SECRET");
  const given = [issuer, clientId, clientSecret].filter((value) => value !== undefined).length;
  if (given > 0 && given < 3)
    throw new InputError(
      "wrong-setting",
      "OIDC_ISSUER",
      "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: expected all three or none. Copy them from the company's provider.",
    );
  const address = set("PLUMBLINE_URL") ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (!/^https?:\/\/[^/?#]+$/.test(address.replace(/\/$/, "")))
    throw new InputError(
      "wrong-setting",
      "PLUMBLINE_URL",
      `PLUMBLINE_URL: expected the address that people open, like https://plumbline.example.org, got "${address}".`,
    );
  return {
    directory: set("PLUMBLINE_DATA") ?? ".plumbline",
    databaseUrl: set("DATABASE_URL"),
    blobs: set("PLUMBLINE_BLOBS"),
    host,
    port,
    address: address.replace(/\/$/, ""),
    oidc:
      given === 3
        ? {
            issuer: issuer!,
            clientId: clientId!,
            clientSecret: clientSecret!,
            trustsAddresses: set("OIDC_TRUST_ADDRESSES") === "yes",
          }
        : undefined,
    uploadLimit: whole("PLUMBLINE_UPLOAD_LIMIT", 5 * GIB, 1024, 1024 * GIB),
    atOnce: whole("PLUMBLINE_AT_ONCE", 2, 0, 64),
    memoryMb: set("PLUMBLINE_MEMORY") === undefined ? undefined : whole("PLUMBLINE_MEMORY", 0, 256, 1 << 22),
    workMinutes:
      set("PLUMBLINE_WORK_MINUTES") === undefined ? undefined : whole("PLUMBLINE_WORK_MINUTES", 0, 1, 10_080),
    proxies: whole("PLUMBLINE_PROXIES", 0, 0, 8),
    metricsToken: set("METRICS_TOKEN"),
  };
}
