import { Exif, Gps, ImageId, Reason, Rendition } from "@shoebox/shared/image";
import { z } from "zod";

/** A step of the pipeline and how long it took. */
export const StepTime = z.object({ name: z.string(), ms: z.number().nonnegative() });
export type StepTime = z.infer<typeof StepTime>;

/** What is known of a picture once it went through: the data of `ImageProcessed`. */
export const Result = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  thumbHash: z.string(),
  color: z.string(),
  takenAt: z.iso.datetime().optional(),
  exif: Exif.optional(),
  gps: Gps.optional(),
  renditions: z.array(Rendition).min(1),
});
export type Result = z.infer<typeof Result>;

const identity = { imageId: ImageId, ownerId: z.string(), correlationId: z.string() };

const attempt = {
  ...identity,
  /** The event that began the last attempt; none yet when somebody asked for another. */
  causationId: z.string().optional(),
  attempts: z.number().int().positive(),
  startedAt: z.iso.datetime(),
  /** When it was last begun or asked for. */
  activeAt: z.iso.datetime().optional(),
  /** How often it was asked for again, and how many attempts there had been when it was the last time. */
  retries: z.number().int().positive().optional(),
  attemptsBefore: z.number().int().nonnegative().default(0),
};

const finish = {
  finishedAt: z.iso.datetime(),
  steps: z.array(StepTime),
  /** How often the end was told again. */
  told: z.number().int().nonnegative().optional(),
};

const ProcessingJob = z.object({ ...attempt, status: z.literal("processing") });
const ProcessedJob = z.object({
  ...attempt,
  ...finish,
  ...Result.shape,
  status: z.literal("processed"),
});
const RejectedJob = z.object({
  ...attempt,
  ...finish,
  status: z.literal("rejected"),
  reason: Reason,
});

/** A tombstone. `confirmations` counts how often its renditions were found gone. */
const DeletedJob = z.object({
  ...identity,
  causationId: z.string(),
  status: z.literal("deleted"),
  deletedAt: z.iso.datetime(),
  renditionsDeletedAt: z.iso.datetime().optional(),
  confirmedAt: z.iso.datetime().optional(),
  confirmations: z.number().int().nonnegative().default(0),
  /** Until when a copy at the CDN could be fetched; there is none where nothing was ever shown. */
  reachableUntil: z.iso.datetime().optional(),
});

/** The one record of an image in this service. `processing` is the only state that a worker may leave. */
export const Job = z.discriminatedUnion("status", [
  ProcessingJob,
  ProcessedJob,
  RejectedJob,
  DeletedJob,
]);
export type Job = z.infer<typeof Job>;
export type JobStatus = Job["status"];

/** How the pipeline ended; both ends are final, unless the picture is asked for again. */
export type Outcome =
  | { kind: "processed"; result: Result; steps: StepTime[] }
  | { kind: "rejected"; reason: Reason; steps: StepTime[] };
