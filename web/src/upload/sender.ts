import { type ShoeboxClient, ShoeboxError } from "@shoebox/client";
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";

/** What the tray hears of its files. */
interface Report {
  progress(id: string, bytes: number): void;
  sent(id: string, imageId: string): void;
  /** @param final whether it would end in the same way again */
  failed(id: string, reason: string, final: boolean): void;
}

interface Description {
  tags: string;
  caption: string;
}

/** Sends files: each file by the tray's own id. */
export interface Sender {
  add(id: string, file: File, description: Description): void;
  /** What files say that have not begun yet; the others have it already, or are told afterwards. */
  describe(id: string, description: Description): void;
  /** Answers whether it is paused now. */
  pauseOrResume(id: string): boolean;
  pauseAll(): void;
  resumeAll(): void;
  remove(id: string): void;
  retry(id: string): void;
}

/** Milliseconds before its end at which an endpoint is exchanged for a new one. */
const EARLY = 3_600_000;

/**
 * Uppy on an endpoint of its own: forms up to 100 MB, parts above, which can be paused and go on. It is
 * loaded with the first file.
 */
export async function openSender(client: ShoeboxClient, report: Report): Promise<Sender> {
  const ours = new Map<string, string>();
  const uppys = new Map<string, string>();
  let expiresAt = 0;
  const uppy = new Uppy<Record<string, unknown>, Record<string, never>>({
    autoProceed: true,
  });

  const renew = async () => {
    const { data } = await client.api.POST("/v1/uploads/uppy");
    if (!data) throw new Error("There is no address to upload to.");
    const installed = uppy.getPlugin("AwsS3");
    if (installed) uppy.removePlugin(installed);
    uppy.use(AwsS3, { companionEndpoint: `${client.url}${data.endpoint}`, limit: 4 });
    expiresAt = Date.parse(data.expiresAt);
  };
  await renew();

  uppy.on("upload-progress", (file, { bytesUploaded }) => {
    const id = file && ours.get(file.id);
    if (id) report.progress(id, Number(bytesUploaded) || 0);
  });
  uppy.on("upload-success", (file, { body }) => {
    const id = file && ours.get(file.id);
    const key = String((body as Record<string, unknown> | undefined)?.key ?? "");
    const imageId = /([^/]+)\.\w+$/.exec(key)?.[1];
    if (id && imageId) report.sent(id, imageId);
  });
  uppy.on("upload-error", async (file, error) => {
    const id = file && ours.get(file.id);
    if (!id || !file) return;
    const { reason, final } = await explain(client, error, file.size ?? 0);
    report.failed(id, reason, final);
  });
  // Files that have arrived are the tray's alone: the same file may come again.
  uppy.on("complete", ({ successful = [] }) => {
    for (const { id } of successful) if (uppy.getFile(id)) uppy.removeFile(id);
    if (Date.now() > expiresAt - EARLY && uppy.getFiles().length === 0) void renew();
  });

  return {
    add: (id, file, description) => {
      // Uppy knows files by their names and sizes, and would refuse the same one twice.
      const meta = { size: file.size, relativePath: id, ...description };
      const uppyId = uppy.addFile({
        source: "gallery",
        name: file.name,
        type: file.type,
        data: file,
        meta,
      });
      ours.set(uppyId, id);
      uppys.set(id, uppyId);
    },
    describe: (id, description) => {
      const uppyId = uppys.get(id);
      if (uppyId && uppy.getFile(uppyId)) uppy.setFileMeta(uppyId, { ...description });
    },
    pauseOrResume: (id) => uppy.pauseResume(uppys.get(id) ?? "") ?? false,
    pauseAll: () => uppy.pauseAll(),
    resumeAll: () => uppy.resumeAll(),
    remove: (id) => {
      const uppyId = uppys.get(id);
      if (uppyId && uppy.getFile(uppyId)) uppy.removeFile(uppyId);
    },
    retry: (id) => {
      const uppyId = uppys.get(id);
      if (uppyId && uppy.getFile(uppyId)) void uppy.retryUpload(uppyId).catch(() => undefined);
    },
  };
}

/** Uppy tells that the service refused, and not why: the quota is what it can be for a file that is acceptable. */
async function explain(
  client: ShoeboxClient,
  error: { message: string },
  size: number,
): Promise<{ reason: string; final: boolean }> {
  if (!navigator.onLine) {
    return { reason: "There is no connection. It goes on when there is one again.", final: false };
  }
  if (/companion request failed/i.test(error.message)) {
    try {
      const { data } = await client.api.GET("/v1/uploads/quota");
      if (data && data.bytes.limit - data.bytes.used < size) {
        return { reason: "There is not enough space left for it.", final: false };
      }
      if (data && data.images.used >= data.images.limit) {
        return { reason: "There is no room for more photos.", final: false };
      }
      return { reason: "The service refused it. Try again.", final: false };
    } catch (cause) {
      if (cause instanceof ShoeboxError && cause.status !== 0) {
        return { reason: cause.detail, final: false };
      }
    }
  }
  return { reason: "The connection broke. What has arrived need not be sent again.", final: false };
}
