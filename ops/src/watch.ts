import { setTimeout as delay } from "node:timers/promises";
import type { Session } from "./command.ts";
import { hasEnded, type Job } from "./jobs.ts";
import { type Progress, progressLine } from "./progress.ts";

const LOOK_EVERY_MS = 500;

/**
 * Shows how a job gets on until it has ended: as a bar that moves on a terminal, as a line for every phase elsewhere.
 * Ctrl-C ends the watching and not the job.
 *
 * @param path where the API tells of it
 * @param afterwards for who stops watching: how to look again
 */
export async function watch<J extends Job & Progress>(
  session: Pick<Session, "api" | "screen" | "json">,
  path: string,
  afterwards: string,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<J> {
  const { api, screen, json } = session;
  const leave = () => {
    screen.say(afterwards);
    process.exit(130);
  };
  process.once("SIGINT", leave);
  try {
    let told: string | undefined;
    for (;;) {
      const job = await api.call<J>("GET", path);
      if (hasEnded(job)) {
        screen.show("");
        return job;
      }
      const phase = job.phase ?? job.status;
      if (!json) {
        if (screen.live) screen.show(progressLine(job));
        else if (phase !== told) screen.say(progressLine(job));
      }
      told = phase;
      await delay(lookEveryMs);
    }
  } finally {
    process.off("SIGINT", leave);
  }
}
