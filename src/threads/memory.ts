import { totalmem } from "node:os";

const MIB = 2 ** 20;

/**
 * MiB that one process that reads files may take unless a setting says more or less: half of the machine's,
 * or of what its container may use.
 */
export function defaultMemoryMb(): number {
  const allowed = process.constrainedMemory();
  const machine = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
  return Math.max(512, Math.floor(machine / 2 / MIB));
}
