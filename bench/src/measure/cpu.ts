/** Milliseconds of processor time that this process took for it, in all its threads. */
export async function cpuOf(act: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.cpuUsage();
  await act();
  return milliseconds(process.cpuUsage(before));
}

export function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
