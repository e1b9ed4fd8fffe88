/**
 * workerd syncs every write of D1 and of objects to its disk, which tests need not survive: their data lies in memory
 * where the system has a disk of it that is large enough (a container's is 64 MB).
 */
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

const disk = "/dev/shm";
const neededBytes = 512 * 1024 * 1024;

const freeBytes = (): number => {
  try {
    const { bavail, bsize } = statfsSync(disk);
    return bavail * bsize;
  } catch {
    return 0;
  }
};

/** From here on temporary folders of this process and of those that it starts lie in memory, until it ends. */
export const useMemoryDisk = (): void => {
  if (process.env["TMPDIR"] !== undefined || freeBytes() < neededBytes) return;
  const folder = mkdtempSync(join(disk, "cv-ops-test-"));
  process.env["TMPDIR"] = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
};
