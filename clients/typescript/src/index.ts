/** Everything that this package offers; what is not used is left out by bundlers. */
export { type ClientOptions, createClient, type Paths, type ShoeboxClient } from "./client.ts";
export {
  type CallOptions,
  changeImages,
  deleteImage,
  getImage,
  getJob,
  getQuota,
  imageUrl,
  listImagePages,
  listImages,
  updateImage,
} from "./images.ts";
export { RejectedError } from "./rejected-error.ts";
export type { RetryOptions } from "./retry.ts";
export { completeTags, searchImages, searchPages } from "./search.ts";
export { type FieldError, type Problem, ShoeboxError } from "./shoebox-error.ts";
export type { Token } from "./transport.ts";
export type {
  BatchResult,
  FoundImage,
  Image,
  ImageChange,
  ImagePage,
  Job,
  ListQuery,
  Quota,
  SearchPage,
  SearchQuery,
  TagsQuery,
  Upload,
  UrlQuery,
} from "./types.ts";
export type { UploadOptions } from "./upload/options.ts";
export type { Progress } from "./upload/progress.ts";
export { abortUpload, type UploadedImage, uploadImage } from "./upload/upload-image.ts";
export { getUpload, type WaitOptions, waitUntilReady, waitUntilUploaded } from "./wait.ts";
