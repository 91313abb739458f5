import { AppError } from "@shoebox/shared/errors";
import type { Principal } from "@shoebox/shared/http/env";

/** @throws AppError `forbidden` */
export function adminOnly({ admin }: Principal): void {
  if (!admin) throw new AppError("forbidden", "Only an administrator may do this.");
}
