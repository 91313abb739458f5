// Made by generate.ts from the service's OpenAPI document. Change that, not this.

export interface paths {
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an upload
         * @description `POST`: send the form's fields and then the picture, as the last field named `file`, to `url` as multipart/form-data, before `expiresAt`. `MULTIPART` (more than 100 MB): ask for the URLs of the parts, PUT them, complete. Exactly the announced size and type are taken.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin up to a hundred uploads
         * @description The results are in the order of the uploads. One that fails does not touch the others.
         */
        post: operations["createUploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is used of the quota
         * @description Uploads that are awaited and images that are there. What is called off, rejected, expired or deleted is given back.
         */
        get: operations["getQuota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{imageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How an upload stands */
        get: operations["getUpload"];
        put?: never;
        post?: never;
        /**
         * Call an upload off
         * @description Only while it is awaited. Its form may still be sent until it expires; what arrives by it is deleted. Parts that were sent are deleted, and no more are taken.
         */
        delete: operations["abortUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{imageId}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which parts have arrived
         * @description What the object store has, for a client that goes on where it or another left off.
         */
        get: operations["listParts"];
        put?: never;
        /**
         * URLs to send parts to
         * @description PUT exactly `size` bytes to each `url`, with its `headers`, and keep the ETag of the answer. Any part can be asked for and sent again, in any order, until the upload is completed.
         */
        post: operations["signParts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{imageId}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the picture of its parts
         * @description Names every part with the ETag that its PUT was answered with. Can be repeated when the answer was lost. The picture is verified after that, like one that was sent as a form.
         */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An address that Uppy can upload to
         * @description For `@uppy/aws-s3`, which sends no token of its own: a path that acts for the caller, on uploads alone, until `expiresAt`. Whoever has it can upload for the caller; keep it like a token.
         */
        post: operations["createUppyEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy/{endpoint}/s3/params": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Begin an upload that is sent as a form
         * @description `POST /v1/uploads` in the words of Uppy.
         */
        get: operations["beginFormFromUppy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy/{endpoint}/s3/multipart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an upload that is sent in parts
         * @description `POST /v1/uploads` in the words of Uppy. Every part but the last has 5 MiB, as Uppy cuts files.
         */
        post: operations["beginPartsFromUppy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which parts have arrived
         * @description `GET /v1/uploads/{imageId}/parts` in the words of Uppy.
         */
        get: operations["listPartsForUppy"];
        put?: never;
        post?: never;
        /**
         * Call an upload off
         * @description `DELETE /v1/uploads/{imageId}` in the words of Uppy, which wants JSON in return.
         */
        delete: operations["abortFromUppy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The URLs to send several parts to
         * @description Of the contract of Companion, for clients that ask for several at once.
         */
        get: operations["signPartsForUppy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}/{partNumber}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The URL to send a part to
         * @description `POST /v1/uploads/{imageId}/parts` in the words of Uppy.
         */
        get: operations["signPartForUppy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/uppy/{endpoint}/s3/multipart/{uploadId}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the picture of its parts
         * @description `POST /v1/uploads/{imageId}/complete` in the words of Uppy.
         */
        post: operations["completeFromUppy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457 */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            requestId: string;
            errors?: {
                field: string;
                message: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createUpload: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "contentType": "image/jpeg",
                 *       "size": 2481337,
                 *       "fileName": "harbour.jpg",
                 *       "tags": [
                 *         "sea",
                 *         "evening"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description One of image/jpeg, image/png, image/webp */
                    contentType: string;
                    /** @description Bytes, exactly; at most 524288000. Above 104857600 it is sent in parts */
                    size: number;
                    fileName?: string;
                    /** @description Of the whole file; what arrives with another one is rejected */
                    sha256?: string;
                    /**
                     * @description Every part is announced with its SHA-256, and the object store verifies it
                     * @enum {string}
                     */
                    partChecksums?: "sha256";
                    /**
                     * @description `return`: no second image when an own one has this `sha256` already
                     * @default create
                     * @enum {string}
                     */
                    ifDuplicate?: "create" | "return";
                    /**
                     * @description Up to 30 tags; lower-cased, each once
                     * @default []
                     */
                    tags?: string[];
                    caption?: string;
                    /**
                     * @default private
                     * @enum {string}
                     */
                    visibility?: "private" | "public";
                    takenAt?: string;
                };
            };
        };
        responses: {
            /** @description No upload: this is an own image with that `sha256` (`ifDuplicate: return`) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "imageId": "0198c1a2-7b3c-7def-8123-456789abcdef",
                     *       "duplicate": true
                     *     }
                     */
                    "application/json": {
                        imageId: string;
                        /** @enum {boolean} */
                        duplicate: true;
                    };
                };
            };
            /** @description The upload is awaited */
            201: {
                headers: {
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        imageId: string;
                        /** @enum {string} */
                        method: "POST";
                        url: string;
                        fields: {
                            [key: string]: string;
                        };
                        expiresAt: string;
                    } | {
                        imageId: string;
                        /** @enum {string} */
                        method: "MULTIPART";
                        partSize: number;
                        partCount: number;
                        expiresAt: string;
                    };
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The same request is still being answered; The quota is used up; `quota` says what is used and what the limit is */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUploads: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "uploads": [
                 *         {
                 *           "contentType": "image/jpeg",
                 *           "size": 2481337
                 *         },
                 *         {
                 *           "contentType": "image/gif",
                 *           "size": 1000
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    uploads: Record<string, never>[];
                };
            };
        };
        responses: {
            /** @description What became of each */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "status": 201,
                     *           "imageId": "0198c1a2-7b3c-7def-8123-456789abcdef",
                     *           "method": "POST",
                     *           "url": "https://originals.s3.us-east-1.amazonaws.com/",
                     *           "fields": {
                     *             "Content-Type": "image/jpeg",
                     *             "key": "originals/…",
                     *             "Policy": "…"
                     *           },
                     *           "expiresAt": "2026-11-22T12:05:00.000Z"
                     *         },
                     *         {
                     *           "status": 415,
                     *           "type": "urn:shoebox:problem:unsupported-media-type",
                     *           "title": "The media type is not supported",
                     *           "detail": "Pictures can be JPEG, PNG or WebP.",
                     *           "requestId": "5f0c8c1e-6f0e-4a7b-9a51-8d5f0f6f6b1c",
                     *           "errors": [
                     *             {
                     *               "field": "contentType",
                     *               "message": "must be one of image/jpeg, image/png, image/webp"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        results: ({
                            status: number;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The same request is still being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQuota: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Bytes and images, used and allowed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bytes": {
                     *         "used": 2481337,
                     *         "limit": 107374182400
                     *       },
                     *       "images": {
                     *         "used": 1,
                     *         "limit": 100000
                     *       }
                     *     }
                     */
                    "application/json": {
                        bytes: {
                            used: number;
                            limit: number;
                        };
                        images: {
                            used: number;
                            limit: number;
                        };
                    };
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUpload: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the upload's end; the answer comes at once when it ends */
                wait?: number;
            };
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload; a rejected one says why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "imageId": "0198c1a2-7b3c-7def-8123-456789abcdef",
                     *       "status": "rejected",
                     *       "reason": {
                     *         "code": "type-mismatch",
                     *         "message": "The file is image/gif, not image/jpeg."
                     *       },
                     *       "method": "POST",
                     *       "contentType": "image/jpeg",
                     *       "size": 2481337,
                     *       "fileName": "harbour.jpg",
                     *       "createdAt": "2026-11-22T12:00:00.000Z",
                     *       "expiresAt": "2026-11-22T12:05:00.000Z"
                     *     }
                     */
                    "application/json": {
                        imageId: string;
                        /** @enum {string} */
                        status: "awaiting" | "uploaded" | "rejected" | "expired" | "aborted";
                        reason?: {
                            code: string;
                            message: string;
                        };
                        /** @enum {string} */
                        method: "POST" | "MULTIPART";
                        /** @enum {string} */
                        contentType: "image/jpeg" | "image/png" | "image/webp";
                        size: number;
                        fileName?: string;
                        partSize?: number;
                        partCount?: number;
                        createdAt: string;
                        expiresAt: string;
                    };
                };
            };
            /** @description The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abortUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload is called off */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listParts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All parts there are, by their numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parts": [
                     *         {
                     *           "partNumber": 1,
                     *           "size": 16777216,
                     *           "etag": "d41d8cd98f00b204e9800998ecf8427e"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        parts: {
                            partNumber: number;
                            size: number;
                            etag: string;
                            sha256?: string;
                        }[];
                    };
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signParts: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "partNumbers": [
                 *         1,
                 *         2,
                 *         3
                 *       ]
                 *     }
                 */
                "application/json": {
                    partNumbers: number[];
                    /**
                     * @description By part number; for uploads that were begun with `partChecksums`
                     * @default {}
                     */
                    sha256?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description A URL for each part, in the order asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "urls": [
                     *         {
                     *           "partNumber": 1,
                     *           "url": "https://originals.s3.us-east-1.amazonaws.com/originals/…?partNumber=1&…",
                     *           "size": 16777216,
                     *           "expiresAt": "2026-11-22T13:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        urls: {
                            partNumber: number;
                            url: string;
                            size: number;
                            headers?: {
                                [key: string]: string;
                            };
                            expiresAt: string;
                        }[];
                    };
                };
            };
            /** @description The request is not valid; The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state; The same request is still being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "parts": [
                 *         {
                 *           "partNumber": 1,
                 *           "etag": "d41d8cd98f00b204e9800998ecf8427e"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    parts: {
                        partNumber: number;
                        etag: string;
                        sha256?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description The parts are one object now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "imageId": "0198c1a2-7b3c-7def-8123-456789abcdef",
                     *       "status": "awaiting",
                     *       "method": "MULTIPART",
                     *       "contentType": "image/jpeg",
                     *       "size": 2481337,
                     *       "fileName": "harbour.jpg",
                     *       "createdAt": "2026-11-22T12:00:00.000Z",
                     *       "expiresAt": "2026-11-22T12:05:00.000Z"
                     *     }
                     */
                    "application/json": {
                        imageId: string;
                        /** @enum {string} */
                        status: "awaiting" | "uploaded" | "rejected" | "expired" | "aborted";
                        reason?: {
                            code: string;
                            message: string;
                        };
                        /** @enum {string} */
                        method: "POST" | "MULTIPART";
                        /** @enum {string} */
                        contentType: "image/jpeg" | "image/png" | "image/webp";
                        size: number;
                        fileName?: string;
                        partSize?: number;
                        partCount?: number;
                        createdAt: string;
                        expiresAt: string;
                    };
                };
            };
            /** @description `parts` does not name every part once; The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Parts are missing or others than named, or the upload has ended; The same request is still being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUppyEndpoint: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The path, to be joined to the address of this API */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "endpoint": "/v1/uploads/uppy/cap_…",
                     *       "expiresAt": "2026-11-23T00:00:00.000Z"
                     *     }
                     */
                    "application/json": {
                        endpoint: string;
                        expiresAt: string;
                    };
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The same request is still being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginFormFromUppy: {
        parameters: {
            query?: {
                filename?: string;
                type?: string;
                /** @description Bytes; needed */
                "metadata[size]"?: string;
                /** @description Separated by commas */
                "metadata[tags]"?: string;
                "metadata[caption]"?: string;
                "metadata[visibility]"?: string;
                "metadata[takenAt]"?: string;
            };
            header?: never;
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The form */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "method": "POST",
                     *       "url": "https://originals.s3.us-east-1.amazonaws.com/",
                     *       "fields": {
                     *         "Content-Type": "image/jpeg",
                     *         "key": "originals/…",
                     *         "Policy": "…"
                     *       },
                     *       "imageId": "0198c1a2-7b3c-7def-8123-456789abcdef"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        method: "POST";
                        url: string;
                        fields: {
                            [key: string]: string;
                        };
                        imageId: string;
                    };
                };
            };
            /** @description The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The quota is used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginPartsFromUppy: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filename": "harbour.png",
                 *       "type": "image/png",
                 *       "metadata": {
                 *         "size": 157286400,
                 *         "tags": [
                 *           "sea"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    filename?: string;
                    type?: string;
                    /**
                     * @description `size` in bytes is needed; `tags`, `caption`, … are read
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description What Uppy calls the upload from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "uploadId": "0198c1a2-7b3c-7def-8123-456789abcde0",
                     *       "key": "originals/YW5u/0198c1a2-7b3c-7def-8123-456789abcde0.png",
                     *       "imageId": "0198c1a2-7b3c-7def-8123-456789abcde0"
                     *     }
                     */
                    "application/json": {
                        uploadId: string;
                        key: string;
                        imageId: string;
                    };
                };
            };
            /** @description The request is not valid; The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The same request is still being answered; The quota is used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The media type is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Temporarily unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPartsForUppy: {
        parameters: {
            query?: {
                key?: string;
            };
            header?: never;
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
                /** @description The image's id */
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All parts there are, by their numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "PartNumber": 1,
                     *         "Size": 5242880,
                     *         "ETag": "\"d41d8cd98f00b204e9800998ecf8427e\""
                     *       }
                     *     ]
                     */
                    "application/json": {
                        PartNumber: number;
                        Size: number;
                        ETag: string;
                    }[];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abortFromUppy: {
        parameters: {
            query?: {
                key?: string;
            };
            header?: never;
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
                /** @description The image's id */
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload is called off */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": Record<string, never>;
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signPartsForUppy: {
        parameters: {
            query: {
                key?: string;
                partNumbers: string;
            };
            header?: never;
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
                /** @description The image's id */
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URLs by part number */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "presignedUrls": {
                     *         "1": "https://originals.s3.us-east-1.amazonaws.com/originals/…?partNumber=1&…"
                     *       }
                     *     }
                     */
                    "application/json": {
                        presignedUrls: {
                            [key: string]: string;
                        };
                    };
                };
            };
            /** @description The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signPartForUppy: {
        parameters: {
            query?: {
                key?: string;
            };
            header?: never;
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
                /** @description The image's id */
                uploadId: string;
                partNumber: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PUT the part there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "method": "PUT",
                     *       "url": "https://originals.s3.us-east-1.amazonaws.com/originals/…?partNumber=1&…"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        method: "PUT";
                        url: string;
                    };
                };
            };
            /** @description The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeFromUppy: {
        parameters: {
            query?: {
                key?: string;
            };
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                /** @description The secret that `POST /v1/uploads/uppy` gave out */
                endpoint: string;
                /** @description The image's id */
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "parts": [
                 *         {
                 *           "PartNumber": 1,
                 *           "ETag": "\"d41d8cd98f00b204e9800998ecf8427e\""
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    parts: {
                        PartNumber: number;
                        ETag: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description The parts are one object now; `location` is where the image will be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "location": "/v1/images/0198c1a2-7b3c-7def-8123-456789abcde0",
                     *       "key": "originals/YW5u/0198c1a2-7b3c-7def-8123-456789abcde0.png",
                     *       "imageId": "0198c1a2-7b3c-7def-8123-456789abcde0"
                     *     }
                     */
                    "application/json": {
                        location: string;
                        key: string;
                        imageId: string;
                    };
                };
            };
            /** @description The request is not valid; The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request conflicts with the current state; The same request is still being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used before */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
