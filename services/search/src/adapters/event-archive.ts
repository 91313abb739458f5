import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import type { Observation } from "../domain/decide.ts";

/** The bus's archive, whose events can be delivered once more, to the rule for replays alone. */
export interface EventArchive {
  /** Since when the archive has events, in milliseconds. */
  from(now: number): Promise<number>;
  /** Starts a replay of the events of a time, in milliseconds; nothing when one of this name was started. */
  replay(name: string, from: number, to: number): Promise<void>;
  state(name: string): Promise<NonNullable<Observation["replay"]>>;
  /** Nothing when it has ended, or was never started. */
  cancel(name: string): Promise<void>;
}

const DAY = 86_400_000;

export function createEventArchive(
  { archiveArn, busArn, ruleArn }: { archiveArn: string; busArn: string; ruleArn: string },
  client = new EventBridgeClient({}),
): EventArchive {
  return {
    async from(now) {
      const { CreationTime, RetentionDays } = await client.send(
        new DescribeArchiveCommand({ ArchiveName: archiveArn.split("/").at(-1) }),
      );
      const kept = RetentionDays ? now - RetentionDays * DAY : 0;
      return Math.max(CreationTime?.getTime() ?? 0, kept);
    },

    async replay(name, from, to) {
      try {
        await client.send(
          new StartReplayCommand({
            ReplayName: name,
            EventSourceArn: archiveArn,
            // EventBridge knows whole seconds.
            EventStartTime: new Date(Math.floor(from / 1_000) * 1_000),
            EventEndTime: new Date(Math.ceil(to / 1_000) * 1_000),
            Destination: { Arn: busArn, FilterArns: [ruleArn] },
          }),
        );
      } catch (error) {
        if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      }
    },

    async state(name) {
      try {
        const { State, StateReason } = await client.send(
          new DescribeReplayCommand({ ReplayName: name }),
        );
        if (State === "COMPLETED") return { state: "completed" };
        if (State === "FAILED" || State === "CANCELLED") {
          return { state: "failed", reason: StateReason ?? State };
        }
        return { state: "running" };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return { state: "none" };
        throw error;
      }
    },

    async cancel(name) {
      try {
        await client.send(new CancelReplayCommand({ ReplayName: name }));
      } catch (error) {
        const ended = error instanceof Error && error.name === "IllegalStatusException";
        if (!ended && !(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
