import { type ErrorCode, errorCodes, type FieldError } from "../errors.ts";
import { type Problem, problemType } from "./problem.ts";

interface Example {
  detail: string;
  errors?: FieldError[];
}

const field = (name: string, message: string): FieldError => ({ field: name, message });

/** What a client may read in a problem of each kind. */
const examples: Record<ErrorCode, Example> = {
  "invalid-request": {
    detail: "Not valid: tags.0, colour.",
    errors: [
      field("tags.0", "must have 1 to 64 characters: letters, digits, '-' and '_'"),
      field("colour", "is not a known field"),
    ],
  },
  "malformed-json": { detail: "The body can't be read as JSON." },
  "invalid-cursor": {
    detail: "The cursor is damaged or belongs to another list.",
    errors: [field("cursor", "take it unchanged from the answer before")],
  },
  unauthorized: { detail: "Send a bearer token in the Authorization header." },
  forbidden: { detail: "This is for administrators." },
  "not-found": { detail: "There is no such image." },
  conflict: { detail: "The upload is aborted already." },
  "quota-exceeded": { detail: "1 of 5000 bytes and 3 of 4 images are left." },
  "in-flight": { detail: "A request with this Idempotency-Key is being answered." },
  "precondition-failed": { detail: "The image has changed since; read it again." },
  "payload-too-large": {
    detail: "The largest picture that can be uploaded is 500 MiB.",
    errors: [field("size", "at most 524288000 bytes")],
  },
  "unsupported-media-type": {
    detail: "Pictures can be JPEG, PNG or WebP.",
    errors: [field("contentType", "must be one of image/jpeg, image/png, image/webp")],
  },
  "idempotency-key-reused": {
    detail: "This Idempotency-Key was used with another request; take a new key.",
  },
  "too-many-requests": { detail: "Too many requests; try again in a second." },
  internal: {
    detail: "Something went wrong on our side; the request id finds it in the logs.",
  },
  unavailable: { detail: "Not available at this moment; try again." },
};

/** A problem of this kind as the document of an API shows it. */
export function problemExample(code: ErrorCode): Problem {
  const { status, title } = errorCodes[code];
  const requestId = "5f0c8c1e-6f0e-4a7b-9a51-8d5f0f6f6b1c";
  return { type: problemType(code), title, status, requestId, ...examples[code] };
}
