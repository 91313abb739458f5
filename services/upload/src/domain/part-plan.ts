import { MAX_SINGLE_UPLOAD_BYTES } from "@shoebox/shared/image";

/** Bytes. S3 takes parts of 5 MiB and more; with these a whole upload has at most 32, one page of URLs. */
export const PART_SIZE = 16 * 1024 ** 2;

/**
 * Bytes. Uppy cuts files by itself, into the smallest parts that S3 takes unless it is told otherwise; a
 * whole upload has at most 100.
 */
export const UPPY_PART_SIZE = 5 * 1024 ** 2;

/** How many parts an object of `size` bytes is sent in. */
export function partCount(size: number, partSize: number): number {
  return Math.ceil(size / partSize);
}

/** Bytes of one part; parts are numbered from 1, and the last has the rest. */
export function partLength(size: number, partSize: number, partNumber: number): number {
  return Math.min(partSize, size - (partNumber - 1) * partSize);
}

/** Whether a file of `size` bytes is sent in parts. */
export function isMultipart(size: number): boolean {
  return size > MAX_SINGLE_UPLOAD_BYTES;
}
