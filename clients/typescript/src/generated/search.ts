// Made by generate.ts from the service's OpenAPI document. Change that, not this.

export interface paths {
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find pictures
         * @description Pictures that are ready, by words, tags and dates, among what the caller may see. `total` is exact. A cursor stays right while pictures come and go: what is there all along, and unchanged, comes exactly once, whatever the order. A change in the catalog is found moments later; `after` waits for it.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Complete a tag
         * @description The tags that begin so, of pictures that are ready and the caller may see, most used first; those used equally often in the order of their characters.
         */
        get: operations["completeTags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The indexes behind the search
         * @description For administrators. Which index is searched, which take live events, what they hold as of their last refresh, and how the cluster is.
         */
        get: operations["getIndex"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/rebuilds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All rebuilds, the newest first
         * @description For administrators.
         */
        get: operations["listRebuilds"];
        put?: never;
        /**
         * Build the index anew
         * @description For administrators. Search goes on with the present index until the new one is proven to be complete; then they are exchanged in one step.
         */
        post: operations["startRebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/rebuilds/{rebuildId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a rebuild is
         * @description For administrators.
         */
        get: operations["getRebuild"];
        put?: never;
        post?: never;
        /**
         * Cancel a rebuild
         * @description For administrators. Search goes on with the index it has; the new one is removed. Again: the same answer.
         */
        delete: operations["cancelRebuild"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/rebuilds/{rebuildId}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search the previous index again
         * @description For administrators. One step, at once: the previous index has taken every change since. Both ways, as often as wanted, until the next rebuild has completed.
         */
        post: operations["rollBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/comparisons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare the index with the catalog
         * @description For administrators. Changes nothing. What is on its way from the catalog to the index is given time to arrive.
         */
        post: operations["startComparison"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/comparisons/{comparisonId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * On what index and catalog differ
         * @description For administrators.
         */
        get: operations["getComparison"];
        put?: never;
        post?: never;
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
         *       "total": 1,
         *       "facets": {
         *         "tags": [
         *           {
         *             "tag": "sea",
         *             "count": 1
         *           }
         *         ],
         *         "months": [
         *           {
         *             "month": "2026-11",
         *             "count": 1
         *           }
         *         ]
         *       }
         *     }
         */
        SearchPage: {
            items: components["schemas"]["FoundImage"][];
            total: number;
            facets?: {
                tags?: {
                    tag: string;
                    count: number;
                }[];
                months?: {
                    month: string;
                    count: number;
                }[];
            };
            /** @description Only with `after`: whether everything it names is in this answer. If not, it may still be on its way */
            caughtUp?: boolean;
            nextCursor?: string;
        };
        FoundImage: {
            imageId: string;
            ownerId: string;
            version: number;
            /** @enum {string} */
            status: "processing" | "ready" | "rejected";
            reason?: {
                code: string;
                message: string;
            };
            /** @description Up to 30 tags; lower-cased, each once */
            tags: string[];
            caption: string | null;
            /** @enum {string} */
            visibility: "private" | "public";
            fileName?: string;
            /** @enum {string} */
            contentType: "image/jpeg" | "image/png" | "image/webp";
            size: number;
            width: number | null;
            height: number | null;
            /** Format: date-time */
            uploadedAt: string;
            /** Format: date-time */
            takenAt?: string;
            thumbHash?: string;
            color?: string;
            exif?: {
                cameraMake?: string;
                cameraModel?: string;
                lens?: string;
                exposureTime?: string;
                fNumber?: number;
                iso?: number;
                focalLength?: number;
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
         *       "items": [
         *         {
         *           "tag": "lisbon",
         *           "count": 12
         *         },
         *         {
         *           "tag": "lisbon-trip",
         *           "count": 3
         *         }
         *       ]
         *     }
         */
        TagCompletions: {
            items: {
                tag: string;
                count: number;
            }[];
            /** @description Only with `after`: whether everything it names is in this answer. If not, it may still be on its way */
            caughtUp?: boolean;
        };
        Index: {
            name: string;
            /** @description The definition it was made by */
            schema: number;
            /** @description Searches go to it */
            searched: boolean;
            /** @description Live events go to it */
            written: boolean;
            images: number;
            /** @description Deleted pictures it remembers */
            tombstones: number;
            bytes: number;
        };
        /**
         * @example {
         *       "rebuildId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56"
         *     }
         */
        RebuildStarted: {
            rebuildId: string;
        };
        /**
         * @example {
         *       "source": "catalog"
         *     }
         */
        RebuildRequest: {
            /**
             * @description `catalog`: the catalog tells its present state. `archive`: the bus's archived events are replayed, and what they lack is taken from the catalog.
             * @default catalog
             * @enum {string}
             */
            source?: "archive" | "catalog";
            /** @description With `archive`: replay from here */
            from?: string;
            /** @description With `archive`: replay up to here */
            to?: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "rebuildId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56",
         *           "status": "completed",
         *           "phase": "done",
         *           "source": "catalog",
         *           "progress": 1,
         *           "indexed": 120304,
         *           "owners": 311,
         *           "images": 120304,
         *           "disagreements": {
         *             "missing": 0,
         *             "stale": 2,
         *             "resurrected": 0
         *           },
         *           "index": "images-v2-019a9f1e80007a119d0a3f2f6f1d4c56",
         *           "previousIndex": "images-v2-first",
         *           "rolledBack": false,
         *           "startedAt": "2026-11-22T12:00:00.000Z",
         *           "endedAt": "2026-11-22T12:03:43.000Z"
         *         }
         *       ]
         *     }
         */
        RebuildPage: {
            items: components["schemas"]["Rebuild"][];
            nextCursor?: string;
        };
        /**
         * @example {
         *       "rebuildId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56",
         *       "status": "completed",
         *       "phase": "done",
         *       "source": "catalog",
         *       "progress": 1,
         *       "indexed": 120304,
         *       "owners": 311,
         *       "images": 120304,
         *       "disagreements": {
         *         "missing": 0,
         *         "stale": 2,
         *         "resurrected": 0
         *       },
         *       "index": "images-v2-019a9f1e80007a119d0a3f2f6f1d4c56",
         *       "previousIndex": "images-v2-first",
         *       "rolledBack": false,
         *       "startedAt": "2026-11-22T12:00:00.000Z",
         *       "endedAt": "2026-11-22T12:03:43.000Z"
         *     }
         */
        Rebuild: {
            rebuildId: string;
            /** @enum {string} */
            status: "pending" | "running" | "verifying" | "completed" | "failed" | "cancelled";
            /** @description What it is at, in more detail than the status */
            phase: string;
            /** @enum {string} */
            source: "archive" | "catalog";
            progress: number;
            /** @description Documents in the new index */
            indexed: number;
            /** @description About as many as there will be */
            expected?: number;
            ratePerSecond?: number;
            secondsLeft?: number;
            /** @description Of the catalog, once it is compared */
            owners?: number;
            /** @description Of the catalog, once it is compared */
            images?: number;
            /** @description Groups of owners whose pictures are compared one by one */
            proofs?: {
                done: number;
                planned: number;
            };
            /** @description What was found and repaired before the new index was used */
            disagreements: {
                missing: number;
                stale: number;
                resurrected: number;
            };
            index: string;
            previousIndex?: string;
            /** @description Whether the previous index is searched again */
            rolledBack: boolean;
            /** @description Why it failed */
            reason?: string;
            /** @description Why it does not get on; it is tried again */
            trouble?: string;
            /** @example 2026-11-22T12:00:00.000Z */
            startedAt: string;
            /** @example 2026-11-22T12:00:00.000Z */
            endedAt?: string;
        };
        /**
         * @example {
         *       "rebuildId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56",
         *       "status": "completed",
         *       "phase": "done",
         *       "source": "catalog",
         *       "progress": 1,
         *       "indexed": 120304,
         *       "owners": 311,
         *       "images": 120304,
         *       "disagreements": {
         *         "missing": 0,
         *         "stale": 2,
         *         "resurrected": 0
         *       },
         *       "index": "images-v2-019a9f1e80007a119d0a3f2f6f1d4c56",
         *       "previousIndex": "images-v2-first",
         *       "rolledBack": true,
         *       "startedAt": "2026-11-22T12:00:00.000Z",
         *       "endedAt": "2026-11-22T12:03:43.000Z",
         *       "searched": "images-v2-first"
         *     }
         */
        RolledBack: components["schemas"]["Rebuild"] & {
            searched: string;
        };
        /**
         * @example {
         *       "to": "previous"
         *     }
         */
        RollbackRequest: {
            /**
             * @description `previous`: the index from before this rebuild. `rebuilt`: its own, again.
             * @default previous
             * @enum {string}
             */
            to?: "previous" | "rebuilt";
        };
        /**
         * @example {
         *       "comparisonId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c57"
         *     }
         */
        ComparisonStarted: {
            comparisonId: string;
        };
        /**
         * @example {
         *       "comparisonId": "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c57",
         *       "status": "completed",
         *       "progress": 1,
         *       "index": "images-v2-first",
         *       "owners": 311,
         *       "images": 120304,
         *       "disagreementCount": 1,
         *       "disagreements": [
         *         {
         *           "kind": "stale",
         *           "ownerId": "ann",
         *           "imageId": "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
         *           "catalogVersion": 4,
         *           "indexVersion": 3
         *         }
         *       ],
         *       "startedAt": "2026-11-22T12:00:00.000Z",
         *       "endedAt": "2026-11-22T12:00:21.000Z"
         *     }
         */
        Comparison: {
            comparisonId: string;
            /** @enum {string} */
            status: "pending" | "running" | "verifying" | "completed" | "failed" | "cancelled";
            progress: number;
            index: string;
            owners?: number;
            images?: number;
            disagreementCount: number;
            /** @description The first 1000 */
            disagreements: {
                /** @enum {string} */
                kind: "missing" | "stale" | "resurrected";
                ownerId: string;
                imageId: string;
                catalogVersion?: number;
                indexVersion?: number;
            }[];
            reason?: string;
            trouble?: string;
            startedAt: string;
            endedAt?: string;
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
    search: {
        parameters: {
            query?: {
                /** @description Words, all of which must be in caption, file name or tags, in any order; up to 20 of up to 64 characters. Case, accents, width and marks between letters make no difference. A word with marks inside (`wi-fi`), or written without spaces (`東京`), is found as it stands. There is no syntax: wildcards (`*`, `?`) and words that begin with an operator (`-`, `+`, `!`, `"`, …) are refused */
                q?: string;
                /** @description Finds words with a typing error, too: one from 3 letters on, two from 6 on, the first letter being right */
                typos?: "true" | "false";
                /** @description The last word of `q` may be the beginning of one, for a search while typing */
                asYouType?: "true" | "false";
                /** @description Has this tag; give it again for more: all of them */
                tag?: string[] | string;
                /** @description Has at least one of these tags */
                anyTag?: string[] | string;
                /** @description Has none of these tags */
                notTag?: string[] | string;
                /** @description Uploaded at this instant or later; a date alone is midnight UTC */
                from?: string;
                /** @description Uploaded before this instant */
                to?: string;
                /** @description Taken at this instant or later */
                takenFrom?: string;
                /** @description Taken before this instant */
                takenTo?: string;
                /** @description My pictures, everybody's public ones, or both */
                scope?: "mine" | "public" | "all";
                /** @description `relevance` with words, `newest` without, if not given. More relevant is what has the words as typed, has them as tags, has them in a row; then what is newer */
                sort?: "relevance" | "newest" | "oldest";
                /** @description Counts over all that is found: the 50 most frequent `tags`, the `months` (UTC) of upload, or both, separated by a comma */
                facets?: string;
                /** @description Items a page */
                limit?: number;
                /** @description `nextCursor` of the page before; the other parameters must be the same */
                cursor?: string;
                /** @description The `Version-Token` of a change in the catalog; give it again for more. The search answers when it knows this version or a later one of the picture, or says `caughtUp: false` when it does not within `wait` */
                after?: string[] | string;
                /** @description Seconds to wait for what `after` names */
                wait?: number;
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
                    /** @description The next page, `rel="next"` */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchPage"];
                };
            };
            /** @description A parameter that is unknown or not valid, a range that ends before it begins, words that can't be searched for; The cursor is damaged, of another search or of another user */
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
            /** @description The search engine does not answer; `Retry-After` says when to try again */
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
    completeTags: {
        parameters: {
            query?: {
                /** @description What the tags begin with, lower-cased as tags are; without it, the most used tags are answered */
                prefix?: string;
                /** @description My pictures, everybody's public ones, or both */
                scope?: "mine" | "public" | "all";
                /** @description Tags to answer */
                limit?: number;
                /** @description The `Version-Token` of a change in the catalog; give it again for more. The search answers when it knows this version or a later one of the picture, or says `caughtUp: false` when it does not within `wait` */
                after?: string[] | string;
                /** @description Seconds to wait for what `after` names */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tags, each with the number of its pictures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagCompletions"];
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
            /** @description The search engine does not answer; `Retry-After` says when to try again */
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
    getIndex: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the index */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "health": "green",
                     *       "nodes": 3,
                     *       "indexes": [
                     *         {
                     *           "name": "images-v3-first",
                     *           "schema": 3,
                     *           "searched": true,
                     *           "written": true,
                     *           "images": 120304,
                     *           "tombstones": 811,
                     *           "bytes": 88080384
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description `yellow`: not all copies are there; `red`: not all data is
                         * @enum {string}
                         */
                        health: "green" | "yellow" | "red";
                        nodes: number;
                        indexes: components["schemas"]["Index"][];
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
            /** @description Not allowed */
            403: {
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
            /** @description The search engine can't be reached */
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
    listRebuilds: {
        parameters: {
            query?: {
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
                    /** @description The next page, `rel="next"` */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildPage"];
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
            /** @description Not allowed */
            403: {
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
    startRebuild: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RebuildRequest"];
            };
        };
        responses: {
            /** @description It begins */
            202: {
                headers: {
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildStarted"];
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
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rebuild is under way; the problem's `activeId` names it */
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
    getRebuild: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rebuildId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rebuild */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rebuild"];
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
            /** @description Not allowed */
            403: {
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
    cancelRebuild: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rebuildId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is cancelled */
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
            /** @description Not allowed */
            403: {
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
            /** @description It has ended, or is about to */
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
    rollBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rebuildId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackRequest"];
            };
        };
        responses: {
            /** @description The rebuild, with the index that is searched now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolledBack"];
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
            /** @description Not allowed */
            403: {
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
            /** @description It has not completed, or a later rebuild has replaced what it could go back to */
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
    startComparison: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It begins */
            202: {
                headers: {
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonStarted"];
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
            /** @description Not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A comparison is under way (the problem's `activeId` names it), or there is no index yet */
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
    getComparison: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparisonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The comparison */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
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
            /** @description Not allowed */
            403: {
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
}
