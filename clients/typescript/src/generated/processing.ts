// Made by generate.ts from the service's OpenAPI document. Change that, not this.

export interface paths {
    "/v1/processing/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sets of renditions that there are */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All presets */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        /**
                         * @example {
                         *       "items": [
                         *         {
                         *           "name": "default",
                         *           "renditions": [
                         *             {
                         *               "name": "thumb",
                         *               "format": "webp",
                         *               "width": 150,
                         *               "height": 150,
                         *               "fit": "cover"
                         *             }
                         *           ]
                         *         }
                         *       ]
                         *     }
                         */
                        "application/json": {
                            items: components["schemas"]["Preset"][];
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processing/{imageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the processing of one of my images is */
        get: {
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
                /** @description The job */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Job"];
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processing/{imageId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have one of my images processed again
         * @description For a picture that was rejected for what another attempt could change, or whose processing does not end. The answer comes before the attempt: ask for the job until it has ended. The image becomes `ready` then, or is rejected anew.
         */
        post: {
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
            requestBody?: never;
            responses: {
                /** @description It will be processed again */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        /**
                         * @example {
                         *       "imageId": "019a8f5e-7b1c-7a3e-9f10-0a1b2c3d4e5f",
                         *       "status": "processing",
                         *       "attempts": 25,
                         *       "retries": 1,
                         *       "steps": [],
                         *       "startedAt": "2026-11-22T14:00:00.000Z"
                         *     }
                         */
                        "application/json": components["schemas"]["Job"];
                    };
                };
                /** @description The Idempotency-Key is none */
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
                /** @description It is processed, is being processed, was tried too often, or lies in the picture itself; The same request is still being answered */
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
        Preset: {
            name: string;
            renditions: {
                name: string;
                /** @enum {string} */
                format: "webp" | "jpeg" | "avif";
                /** @description Pixels; never enlarged */
                width: number;
                height?: number;
                /** @enum {string} */
                fit: "inside" | "cover";
            }[];
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
         *       "imageId": "019a8f5e-7b1c-7a3e-9f10-0a1b2c3d4e5f",
         *       "status": "processed",
         *       "attempts": 1,
         *       "steps": [
         *         {
         *           "name": "fetch",
         *           "ms": 8.1
         *         },
         *         {
         *           "name": "decode",
         *           "ms": 61.4
         *         }
         *       ],
         *       "startedAt": "2026-11-22T14:00:00.000Z",
         *       "finishedAt": "2026-11-22T14:00:00.240Z"
         *     }
         */
        Job: {
            imageId: string;
            /** @enum {string} */
            status: "processing" | "processed" | "rejected";
            /** @description Why the picture was rejected */
            reason?: {
                code: string;
                message: string;
            };
            /** @description How often it was tried, this time included */
            attempts: number;
            /** @description How often it was asked for again */
            retries?: number;
            /** @description The steps of the last attempt, in order */
            steps: {
                name: string;
                ms: number;
            }[];
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            finishedAt?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
