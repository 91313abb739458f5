/** The upload or the picture came to an end that is no image: why, in the service's words. */
export class RejectedError extends Error {
  readonly imageId: string;
  /** `upload`: what arrived is not what was announced, or nothing arrived. `processing`: it can't be shown. */
  readonly stage: "upload" | "processing";
  /** `type-mismatch`, `expired`, `undecodable`, … and a sentence. */
  readonly reason: { code: string; message: string };

  constructor(imageId: string, stage: RejectedError["stage"], reason: RejectedError["reason"]) {
    super(reason.message);
    this.name = "RejectedError";
    this.imageId = imageId;
    this.stage = stage;
    this.reason = reason;
  }
}
