import { RejectedError, type ShoeboxClient, ShoeboxError, waitUntilReady } from "@shoebox/client";
import type { Photo } from "../library/photo.ts";
import { refusalOf } from "./acceptable.ts";
import { isActive, type UploadItem } from "./item.ts";
import { Queue } from "./queue.ts";
import type { Sender } from "./sender.ts";

/** Bytes of a file that is shown small while it is sent: decoding a very large one would stop the page. */
const LARGEST_PREVIEW = 25_000_000;
/** Uploads that are asked about at the same time; a browser has six connections for all there is. */
const WATCHED = 3;
/** Milliseconds after which what was written in the tray is saved. */
const PAUSE = 700;

interface Options {
  client: ShoeboxClient;
  /** A file's bytes are all there. */
  onSent(): void;
  /** A picture is ready, or was described. */
  onPhoto(photo: Photo): void;
}

/** The files that are being uploaded, from being dropped to being a picture in the library. */
export class Uploads {
  #items: UploadItem[] = [];
  #tags: string[] = [];
  #sender: Promise<Sender> | undefined;
  #describing: ReturnType<typeof setTimeout> | undefined;
  #painted = false;
  readonly #applied = new Map<string, string[]>();
  readonly #photos = new Map<string, Photo>();
  readonly #watching = new Queue(WATCHED);
  readonly #listeners = new Set<() => void>();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    addEventListener("online", () => this.retryAll());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly items = (): UploadItem[] => this.#items;
  readonly tags = (): string[] => this.#tags;

  /** Begins with files at once; what can't be taken is listed with the reason. */
  async add(files: File[]): Promise<void> {
    const news = files.map((file) => {
      const refusal = refusalOf(file);
      const item: UploadItem = {
        id: newId(),
        name: file.name,
        size: file.size,
        sent: 0,
        state: refusal === undefined ? "waiting" : "rejected",
        reason: refusal,
        caption: "",
        ...(refusal === undefined &&
          file.size <= LARGEST_PREVIEW && { preview: URL.createObjectURL(file) }),
      };
      return { item, file };
    });
    this.#items = [...this.#items, ...news.map(({ item }) => item)];
    this.#tell();
    const begun = news.filter(({ item }) => item.state === "waiting");
    if (begun.length === 0) return;
    try {
      const sender = await this.#open();
      for (const { item, file } of begun) {
        if (!this.#find(item.id)) continue;
        sender.add(item.id, file, this.#description(item.id));
      }
    } catch (error) {
      const reason =
        error instanceof ShoeboxError && error.status !== 0
          ? error.detail
          : "The service can't be reached.";
      for (const { item } of begun) this.#update(item.id, { state: "failed", reason });
      // The next attempt opens it anew, with these files.
      this.#sender = undefined;
      for (const { item, file } of begun) this.#unsent.set(item.id, file);
    }
  }
  readonly #unsent = new Map<string, File>();

  async pauseOrResume(id: string): Promise<void> {
    const item = this.#find(id);
    if (!item) return;
    const paused = (await this.#open()).pauseOrResume(id);
    this.#update(id, { state: paused ? "paused" : "sending" });
  }

  async pauseAll(): Promise<void> {
    (await this.#open()).pauseAll();
    for (const item of this.#items) {
      if (item.state === "sending") this.#update(item.id, { state: "paused" });
    }
  }

  async resumeAll(): Promise<void> {
    (await this.#open()).resumeAll();
    for (const item of this.#items) {
      if (item.state === "paused") this.#update(item.id, { state: "sending" });
    }
  }

  /** Calls a file off, or takes it from the list when it has ended. */
  async cancel(id: string): Promise<void> {
    const item = this.#find(id);
    if (!item) return;
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.#items = this.#items.filter((one) => one.id !== id);
    this.#unsent.delete(id);
    this.#tell();
    (await this.#sender)?.remove(id);
  }

  async retry(id: string): Promise<void> {
    const file = this.#unsent.get(id);
    this.#update(id, { state: "waiting", reason: undefined });
    if (!file) {
      (await this.#open()).retry(id);
      return;
    }
    this.#unsent.delete(id);
    this.#items = this.#items.filter((one) => one.id !== id);
    await this.add([file]);
  }

  retryAll(): void {
    for (const { id, state } of this.#items) if (state === "failed") void this.retry(id);
  }

  /** Empties the list of what has ended. */
  clear(): void {
    for (const item of this.#items) {
      if (!isActive(item) && item.preview) URL.revokeObjectURL(item.preview);
    }
    this.#items = this.#items.filter(isActive);
    if (this.#items.length === 0) this.#tags = [];
    this.#tell();
  }

  /** Tags for all files of the list, also for those that have arrived. */
  tagAll(tags: string[]): void {
    this.#tags = tags;
    this.#describeSoon();
  }

  caption(id: string, caption: string): void {
    this.#update(id, { caption });
    this.#describeSoon();
  }

  #describeSoon(): void {
    this.#tell();
    void this.#sender?.then((sender) => {
      for (const { id } of this.#items) sender.describe(id, this.#description(id));
    });
    clearTimeout(this.#describing);
    this.#describing = setTimeout(() => {
      for (const item of this.#items) if (item.state === "done") void this.#describe(item.id);
    }, PAUSE);
  }

  #description(id: string): { tags: string; caption: string } {
    return { tags: this.#tags.join(","), caption: this.#find(id)?.caption ?? "" };
  }

  /** Makes a picture say what was written while it was on its way. */
  async #describe(id: string): Promise<void> {
    const item = this.#find(id);
    const photo = this.#photos.get(id);
    if (!item || !photo) return;
    const before = this.#applied.get(id) ?? [];
    const own = photo.tags.filter((tag) => !before.includes(tag));
    const tags = [...new Set([...own, ...this.#tags])].slice(0, 30);
    const caption = item.caption.trim();
    const change = {
      ...(tags.join() !== photo.tags.join() && { tags }),
      ...(caption !== "" && caption !== photo.caption && { caption }),
    };
    this.#applied.set(id, this.#tags);
    if (Object.keys(change).length === 0) return;
    const params = { path: { imageId: photo.imageId } };
    const { client, onPhoto } = this.#options;
    const answer = await client.api
      .PATCH("/v1/images/{imageId}", { params, body: change })
      .catch(() => undefined);
    if (!answer?.data) return;
    this.#photos.set(id, answer.data);
    onPhoto(answer.data);
  }

  #open(): Promise<Sender> {
    this.#sender ??= import("./sender.ts").then(({ openSender }) =>
      openSender(this.#options.client, {
        progress: (id, sent) => {
          const item = this.#find(id);
          if (item?.state === "waiting" || item?.state === "sending") {
            this.#update(id, { sent, state: "sending" });
          }
        },
        sent: (id, imageId) => {
          const size = this.#find(id)?.size ?? 0;
          this.#update(id, { state: "checking", sent: size, imageId });
          this.#options.onSent();
          this.#watching.add(() => this.#watch(id, imageId));
        },
        failed: (id, reason, final) =>
          this.#update(id, { state: final ? "rejected" : "failed", reason }),
      }),
    );
    return this.#sender;
  }

  /** Follows a file whose bytes are there until it is a picture, or will not be one. */
  async #watch(id: string, imageId: string): Promise<void> {
    if (!this.#find(id)) return;
    const { client, onPhoto } = this.#options;
    try {
      const photo = await waitUntilReady(client, imageId);
      this.#photos.set(id, photo);
      this.#update(id, { state: "done" });
      onPhoto(photo);
      await this.#describe(id);
    } catch (error) {
      if (error instanceof RejectedError) {
        this.#update(id, { state: "rejected", reason: error.message });
      } else if (error instanceof ShoeboxError && error.status === 404) {
        // It was deleted while it was processed: nothing is left to say of it.
        this.#items = this.#items.filter((one) => one.id !== id);
        this.#tell();
      } else {
        this.#watching.add(() => this.#watch(id, imageId));
      }
    }
  }

  #find(id: string): UploadItem | undefined {
    return this.#items.find((item) => item.id === id);
  }

  #update(id: string, change: Partial<UploadItem>): void {
    this.#items = this.#items.map((item) => (item.id === id ? { ...item, ...change } : item));
    this.#tell();
  }

  /** Once a frame, however many files report. */
  #tell(): void {
    if (this.#painted) return;
    this.#painted = true;
    queueMicrotask(() => {
      this.#painted = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

let last = 0;
function newId(): string {
  last += 1;
  return `upload-${last}`;
}
