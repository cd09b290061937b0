import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { openDatabase, type Database } from "../src/store/database.ts";

export const KINDS = ["embedded", "postgres"] as const;
export type Kind = (typeof KINDS)[number];

/** Why a kind of database cannot be tested here, or undefined. */
export function missing(kind: Kind): string | undefined {
  const postgres = inject("postgres");
  return kind === "postgres" && "missing" in postgres ? postgres.missing : undefined;
}

/** A place for data of one test: a data directory, and for PostgreSQL the address of an empty database. */
export async function freshPlace(
  kind: Kind,
): Promise<{ directory: string; url: string | undefined; remove(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-data-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  if (kind === "embedded") {
    cpSync(inject("embeddedTemplate"), directory, { recursive: true });
    return { directory, url: undefined, remove: async () => remove() };
  }
  const server = inject("postgres") as { url: string };
  const name = `t${randomUUID().replaceAll("-", "")}`;
  await admin(server.url, `create database ${name}`);
  return {
    directory,
    url: server.url.replace(/\/postgres$/, `/${name}`),
    async remove() {
      remove();
      await admin(server.url, `drop database if exists ${name} with (force)`);
    },
  };
}

async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** An open database for one test; `fill` puts something into the place before it is opened. */
export async function freshDatabase(
  kind: Kind,
  fill?: (place: { directory: string; url: string | undefined }) => Promise<void>,
): Promise<Database & { directory: string; url: string | undefined; remove(): Promise<void> }> {
  const place = await freshPlace(kind);
  await fill?.(place);
  const database = await openDatabase(place.directory, place.url);
  return {
    ...database,
    ...place,
    async remove() {
      await database.close();
      await place.remove();
    },
  };
}
