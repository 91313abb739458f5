/**
 * An answer of S3 that is not a success: the documented code and HTTP status, the extra elements
 * of the XML error document (`details`) and extra response headers.
 * Source: "Error responses" of the Amazon S3 API reference.
 */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, string | number>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, string | number> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** What this stand-in does not know is refused by name: never a silent success. */
export const notImplemented = (what: string) =>
  new S3Error(501, "NotImplemented", `${what} is not supported by the local S3.`);

export const accessDenied = (message = "Access Denied", details = {}) =>
  new S3Error(403, "AccessDenied", message, details);

export const invalidArgument = (message: string, name?: string, value?: string) =>
  new S3Error(400, "InvalidArgument", message, {
    ...(name === undefined ? {} : { ArgumentName: name }),
    ...(value === undefined ? {} : { ArgumentValue: value }),
  });

export const invalidRequest = (message: string) => new S3Error(400, "InvalidRequest", message);

export const malformedXml = () =>
  new S3Error(
    400,
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );

export const noSuchBucket = (bucket: string) =>
  new S3Error(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });

export const noSuchKey = (key: string, headers: Record<string, string> = {}) =>
  new S3Error(404, "NoSuchKey", "The specified key does not exist.", { Key: key }, headers);

export const noSuchUpload = (uploadId: string) =>
  new S3Error(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { UploadId: uploadId },
  );

export const preconditionFailed = (condition: string) =>
  new S3Error(
    412,
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    { Condition: condition },
  );
