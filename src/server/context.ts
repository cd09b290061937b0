import type { Queue } from "../jobs/queue.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Database } from "../store/database.ts";
import type { Explorer } from "./explorer.ts";
import type { Role } from "./rights.ts";
import type { SignIn } from "./sign-in.ts";

/** What the routes work with. */
export interface Services {
  database: Database;
  blobs: Blobs;
  queue: Queue;
  signIn: SignIn;
  explorer: Explorer;
  /** the address that people open, without a slash at its end */
  address: string;
  hasOidc: boolean;
  uploadLimit: number;
  /** proxies between people and this server whose word on addresses is taken */
  proxies: number;
  now(): Date;
  log: {
    info(fields: object, words: string): void;
    warn(fields: object, words: string): void;
    error(fields: object, words: string): void;
  };
}

/** Who asks: a person with a session, or a program with a token. */
export type Who =
  | { kind: "person"; id: string; name: string; email: string; actor: string; secondFactor: boolean }
  | { kind: "token"; id: string; name: string; actor: string; organisationId: string; role: Role };

/** Who asks, in the organisation that the address names. */
export interface Member {
  who: Who;
  organisationId: string;
  role: Role;
}
