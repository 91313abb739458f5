import { AsyncLocalStorage } from "node:async_hooks";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import { clockOf, currentInvocation } from "./invocation.ts";
import type { Random } from "./random.ts";
import type { Planned, Scheduler } from "./scheduler.ts";

type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

/**
 * Gives the process the world's time and the seed's chance for as long as a simulation runs: timers,
 * the clock, random numbers and ids, wherever a library takes them from. What is injected anyway
 * needs none of it; the SDK's pauses between two tries do. Returns what takes it all back.
 */
export function installAmbient(scheduler: Scheduler, random: Random): () => void {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    now: Date.now,
    random: Math.random,
    randomUUID: crypto.randomUUID,
    randomBytes: crypto.randomBytes,
    pause: timers.setTimeout,
  };
  const bytes = (size: number) => Buffer.from(Array.from({ length: size }, () => random.int(256)));
  const uuid = () => uuidOf(bytes(16));
  const { setTimeout, clearTimeout } = simulatedTimers(scheduler);

  Object.assign(globalThis, { setTimeout, clearTimeout });
  Date.now = clockOf(scheduler);
  Math.random = random.next;
  Object.defineProperty(performance, "now", { value: scheduler.now, configurable: true });
  Object.defineProperty(globalThis.crypto, "randomUUID", { value: uuid, configurable: true });
  Object.assign(crypto, { randomUUID: uuid, randomBytes: bytes });
  Object.assign(timers, { setTimeout: (ms: number) => pauseOf(scheduler, ms) });
  syncBuiltinESMExports();

  return () => {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Date.now = real.now;
    Math.random = real.random;
    Reflect.deleteProperty(performance, "now");
    Reflect.deleteProperty(globalThis.crypto, "randomUUID");
    Object.assign(crypto, { randomUUID: real.randomUUID, randomBytes: real.randomBytes });
    Object.assign(timers, { setTimeout: real.pause });
    syncBuiltinESMExports();
  };
}

/** A pause in the world's time. That of a process that died never ends. */
export function pauseOf(scheduler: Scheduler, ms: number): Promise<void> {
  const invocation = currentInvocation();
  return new Promise((resolve) => {
    scheduler.after(ms, () => {
      if (!invocation?.dead) resolve();
    });
  });
}

function simulatedTimers(scheduler: Scheduler): Timers {
  const setTimeout = (what: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const invocation = currentInvocation();
    const inItsContext = AsyncLocalStorage.snapshot();
    const planned = scheduler.after(ms, () => {
      if (!invocation?.dead) inItsContext(what, ...args);
    });
    const timer = { ...planned, ref: () => timer, unref: () => timer, hasRef: () => true };
    return timer;
  };
  const clearTimeout = (timer: Planned | undefined) => timer?.cancel?.();
  return { setTimeout, clearTimeout } as unknown as Timers;
}

/** Version 4, as crypto.randomUUID makes them. */
function uuidOf(bytes: Buffer): string {
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
