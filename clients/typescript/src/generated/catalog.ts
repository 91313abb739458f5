// Made by generate.ts from the service's OpenAPI document. Change that, not this.

export interface paths {
    "/v1/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My images, newest first
         * @description Strongly consistent without `tag`. With `tag`, an image that got the tag a moment ago may be missing for a moment (it comes from an index); what is listed is as it is now, and never deleted. A page may hold fewer than `limit` images and still have a next one.
         */
        get: operations["listImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/{imageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of my images, as it is now
         * @description Strongly consistent. With `If-None-Match`, 304 says that the image has not changed; the signed URLs of an earlier answer still end after one to two hours.
         */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /**
         * Delete an image
         * @description Immediate for every reader of the catalog, whether the image is ready or still being processed. Original, renditions and search entry follow within moments.
         */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        /**
         * Change tags, caption, visibility or date
         * @description What is absent stays. Values that are the same make no new version. With `If-Match` only the named version is changed; without, the change is made upon whatever is there.
         */
        patch: operations["patchImage"];
        trace?: never;
    };
    "/v1/images/{imageId}/url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A signed URL of the original or a rendition
         * @description The URL is for exactly this object and ends after one to two hours. Nothing of an image is served before it is `ready`: while it is processed the answer is 409 with `Retry-After`, and of a rejected one 409 with its reason, for good.
         */
        get: operations["getImageUrl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete or tag up to a hundred images
         * @description Each image is changed for itself, as it would be alone; one that fails does not touch the others. The results are in the order of the ids.
         */
        post: operations["changeImages"];
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
        /**
         * @example {
         *       "items": [
         *         {
         *           "imageId": "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
         *           "ownerId": "ann",
         *           "status": "ready",
         *           "tags": [
         *             "sea",
         *             "evening"
         *           ],
         *           "caption": "The harbour of Brighton",
         *           "visibility": "private",
         *           "fileName": "harbour.jpg",
         *           "contentType": "image/jpeg",
         *           "size": 2481337,
         *           "width": 4032,
         *           "height": 3024,
         *           "uploadedAt": "2026-11-22T12:00:00.000Z",
         *           "takenAt": "2026-11-21T16:42:10.000Z",
         *           "thumbHash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
         *           "color": "#8aa0b4",
         *           "exif": {
         *             "cameraMake": "Pentax",
         *             "cameraModel": "K-3",
         *             "iso": 200,
         *             "fNumber": 5.6
         *           },
         *           "renditions": [
         *             {
         *               "name": "thumb",
         *               "format": "webp",
         *               "width": 150,
         *               "height": 150,
         *               "size": 4212,
         *               "url": "https://cdn.photos.example/renditions/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55/thumb.webp?Policy=…"
         *             }
         *           ],
         *           "version": 3
         *         }
         *       ],
         *       "nextCursor": "2hN9…"
         *     }
         */
        ImagePage: {
            items: components["schemas"]["Image"][];
            nextCursor?: string;
        };
        /**
         * @example {
         *       "imageId": "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
         *       "ownerId": "ann",
         *       "status": "ready",
         *       "tags": [
         *         "sea",
         *         "evening"
         *       ],
         *       "caption": "The harbour of Brighton",
         *       "visibility": "private",
         *       "fileName": "harbour.jpg",
         *       "contentType": "image/jpeg",
         *       "size": 2481337,
         *       "width": 4032,
         *       "height": 3024,
         *       "uploadedAt": "2026-11-22T12:00:00.000Z",
         *       "takenAt": "2026-11-21T16:42:10.000Z",
         *       "thumbHash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
         *       "color": "#8aa0b4",
         *       "exif": {
         *         "cameraMake": "Pentax",
         *         "cameraModel": "K-3",
         *         "iso": 200,
         *         "fNumber": 5.6
         *       },
         *       "renditions": [
         *         {
         *           "name": "thumb",
         *           "format": "webp",
         *           "width": 150,
         *           "height": 150,
         *           "size": 4212,
         *           "url": "https://cdn.photos.example/renditions/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55/thumb.webp?Policy=…"
         *         }
         *       ],
         *       "version": 3
         *     }
         */
        Image: {
            imageId: string;
            ownerId: string;
            /** @enum {string} */
            status: "processing" | "ready" | "rejected";
            /** @description Why it was rejected */
            reason?: {
                code: string;
                message: string;
            };
            tags: string[];
            caption: string | null;
            /** @enum {string} */
            visibility: "private" | "public";
            fileName?: string;
            /** @enum {string} */
            contentType: "image/jpeg" | "image/png" | "image/webp";
            /** @description Bytes of the original */
            size: number;
            /** @description Null until it is ready */
            width: number | null;
            height: number | null;
            /** Format: date-time */
            uploadedAt: string;
            /**
             * Format: date-time
             * @description The user's own value, or else the camera's
             */
            takenAt?: string;
            thumbHash?: string;
            /** @example #8aa0b4 */
            color?: string;
            exif?: {
                cameraMake?: string;
                cameraModel?: string;
                lens?: string;
                exposureTime?: string;
                fNumber?: number;
                iso?: number;
                focalLength?: number;
                gps?: {
                    latitude: number;
                    longitude: number;
                };
            };
            renditions: {
                name: string;
                /** @enum {string} */
                format: "webp" | "jpeg" | "avif";
                width: number;
                height: number;
                size: number;
                /** @description Signed; valid for one to two hours */
                url: string;
            }[];
            version: number;
        };
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
        /**
         * @example {
         *       "tags": [
         *         "beach",
         *         "sunset"
         *       ],
         *       "caption": "Brighton"
         *     }
         */
        EditImage: {
            /** @description Up to 30 tags; lower-cased, each once */
            tags?: string[];
            /** @description null takes it away */
            caption?: string | null;
            /** @enum {string} */
            visibility?: "private" | "public";
            /** @description null takes the user's own value away: then the camera's counts again */
            takenAt?: string | null;
        };
        /**
         * @example {
         *       "url": "https://cdn.photos.example/originals/…?Policy=…",
         *       "expiresAt": "2026-11-22T14:00:00.000Z"
         *     }
         */
        SignedUrl: {
            /** Format: uri */
            url: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /**
         * @example {
         *       "imageIds": [
         *         "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"
         *       ],
         *       "action": "addTags",
         *       "tags": [
         *         "beach"
         *       ]
         *     }
         */
        ChangeImages: {
            /**
             * @example [
             *       "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"
             *     ]
             */
            imageIds: string[];
            /** @enum {string} */
            action: "delete";
        } | {
            /**
             * @example [
             *       "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"
             *     ]
             */
            imageIds: string[];
            /** @enum {string} */
            action: "addTags" | "removeTags";
            /** @description Up to 30 tags; lower-cased, each once */
            tags: string[];
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
    listImages: {
        parameters: {
            query?: {
                /** @description Only images with this tag */
                tag?: string;
                /** @description Uploaded at this instant or later */
                from?: string;
                /** @description Uploaded before this instant */
                to?: string;
                order?: "newest" | "oldest";
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description The next page, `rel="next"`, relative to this one */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagePage"];
                };
            };
            /** @description The request is not valid; The cursor is not valid */
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
    getImage: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
            };
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
            200: {
                headers: {
                    /** @description This version of the image, opaque. `GET /v1/search?after=` with it answers when the search knows this version or a later one. */
                    "Version-Token": string;
                    /** @description The version, quoted */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description Not changed */
            304: {
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
    deleteImage: {
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
            /** @description Deleted */
            204: {
                headers: {
                    /** @description This version of the image, opaque. `GET /v1/search?after=` with it answers when the search knows this version or a later one. */
                    "Version-Token": string;
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
            /** @description Too many changes of this image at the same time; `Retry-After` says when */
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
    patchImage: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string;
            };
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditImage"];
            };
        };
        responses: {
            /** @description The image after the change */
            200: {
                headers: {
                    /** @description This version of the image, opaque. `GET /v1/search?after=` with it answers when the search knows this version or a later one. */
                    "Version-Token": string;
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
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
            /** @description Too many changes of this image at the same time; `Retry-After` says when */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The image has changed */
            412: {
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
        };
    };
    getImageUrl: {
        parameters: {
            query?: {
                /** @description `original`, or the name of a rendition */
                rendition?: string;
                /** @description Of a rendition that there is in several; WebP if not given */
                format?: "webp" | "jpeg" | "avif";
                /** @description `1`: the browser saves it under its file name */
                download?: "0" | "1";
            };
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URL */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedUrl"];
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
            /** @description Still processing (`Retry-After`), or rejected (the reason) */
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
    changeImages: {
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
                "application/json": components["schemas"]["ChangeImages"];
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
                     *           "imageId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56",
                     *           "status": 200,
                     *           "tags": [
                     *             "beach",
                     *             "sunset"
                     *           ],
                     *           "version": 4,
                     *           "versionToken": "eyJ2IjpbIjAxOWE5ZjFlIiw0XX0"
                     *         },
                     *         {
                     *           "imageId": "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
                     *           "status": 404,
                     *           "type": "urn:shoebox:problem:not-found",
                     *           "title": "Not found",
                     *           "detail": "There is no such image.",
                     *           "requestId": "5f0c8c1e-6f0e-4a7b-9a51-8d5f0f6f6b1c"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        results: ({
                            imageId: string;
                            status: number;
                        } & {
                            [key: string]: unknown;
                        })[];
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
        };
    };
}
