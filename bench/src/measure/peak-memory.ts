import { readFileSync } from "node:fs";

/**
 * Bytes: the most physical memory that this process ever had. Linux says it of the program itself
 * (`VmHWM`, in kB); `maxRSS`, which all systems know, begins with what the parent had when it forked.
 */
export function peakMemory(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] =
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  if (kilobytes === undefined) throw new Error("/proc/self/status has no VmHWM.");
  return Number(kilobytes) * 1024;
}
