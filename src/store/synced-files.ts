import { closeSync, fdatasyncSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

interface OpenStream {
  /** the file descriptor of Node; a directory has none */
  nfd?: number;
  node: unknown;
}

/**
 * What the file system of the embedded database calls when PostgreSQL asks for a sync. The library leaves it
 * out, so that nothing would ever be synced.
 */
interface NodeFiles {
  realPath(node: unknown): string;
  stream_ops: { fsync?: (stream: OpenStream) => number };
}

/**
 * Files of the embedded database that are really synced: `fsync` and `fdatasync` of PostgreSQL reach the
 * disk. Only together with `SYNCED_START`, since the default start parameters tell PostgreSQL not to ask.
 */
export class SyncedFiles extends NodeFS {
  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...args);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    const addSync = (module: { NODEFS: NodeFiles }) => {
      const files = module.NODEFS;
      files.stream_ops.fsync = ({ nfd, node }) => {
        if (nfd === undefined) syncPath(files.realPath(node));
        else fdatasyncSync(nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [addSync as never, ...preRun] } };
  }
}

/**
 * Start parameters of the embedded database with `-F` (no fsync) taken out and a sync method that these files
 * have.
 */
export const SYNCED_START = [
  ...PGlite.defaultStartParams.filter((word) => word !== "-F"),
  "-c",
  "wal_sync_method=fsync",
];

/** Syncs a file, or the entries of a directory. */
export function syncPath(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Syncs every file and directory under a directory, and itself. */
export function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) syncPath(path);
  }
  syncPath(directory);
}
