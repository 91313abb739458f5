import type { Command } from "../domain/decide.ts";
import { tombstone } from "../domain/document.ts";
import { writeAliasOf } from "../domain/index-name.ts";
import type { Job } from "../domain/job.ts";
import type { JobDeps } from "./job-deps.ts";

/** Carries out one command. Each may be repeated: what is there already is as good. */
export async function perform(command: Command, job: Job, deps: JobDeps): Promise<void> {
  const { admin, archive, snapshots, writer } = deps;
  switch (command.do) {
    case "create-index":
      // If there was no index yet, live events need another one than this: it goes if the rebuild fails.
      await writer.liveTargets();
      return admin.create(job.index);
    case "request-snapshot": {
      const { do: _, ...request } = command;
      return snapshots.request({
        ...request,
        job: { kind: job.kind, id: job.id },
        index: job.index,
        requestedAt: deps.now(),
        correlationId: job.correlationId,
      });
    }
    case "start-replay":
      return archive.replay(command.name, command.from, command.to);
    case "cancel-replays":
      for (const name of command.names) await archive.cancel(name);
      return;
    case "refresh":
      return admin.refresh(job.index);
    case "open-index":
      return admin.open(job.index);
    case "hold-view":
      return admin.hold(command.index);
    case "release-view":
      return admin.open(command.index);
    case "plan-proofs":
      return snapshots.plan(job, command.chunks);
    case "keep-questions":
      return snapshots.keepQuestions(job, command);
    case "keep-disagreements":
      return snapshots.keepDisagreements(job, command.disagreements);
    case "bury": {
      // Newer than what the index has, and older than whatever the catalog might say of it again.
      const documents = command.suspects.map(({ version, ...suspect }) =>
        tombstone({ ...suspect, version: version + 1 }),
      );
      const results = await writer.apply([writeAliasOf(job.index)], documents);
      const failed = results.find(({ kind }) => kind !== "applied");
      if (failed) throw new Error(`A tombstone was not taken: ${JSON.stringify(failed)}`);
      return;
    }
    case "swap":
      return admin.swap(command.from, command.to);
    case "drop-all-but":
      return admin.dropAllBut(command.indexes);
    case "drop-index":
      return admin.drop(job.index);
    default:
      return command satisfies never;
  }
}
