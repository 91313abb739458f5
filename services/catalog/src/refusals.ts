import { AppError } from "@shoebox/shared/errors";

/** One answer for what never was, what is deleted and what is somebody else's: nobody learns which. */
export function noSuchImage(): AppError {
  return new AppError("not-found", "There is no such image.");
}

/** Many changes of one image at the same time: none was lost, this one was not made. */
export function conflict(): AppError {
  return new AppError("conflict", "The image is being changed by others; try again.", {
    headers: { "Retry-After": "1" },
  });
}
