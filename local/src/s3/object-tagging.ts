import { validTags } from "./object-headers.ts";
import { BODY_HEADERS, type Call, type Operation } from "./operation.ts";
import { receiveXml } from "./receive.ts";
import { versionHeader } from "./store-object.ts";
import { readableVersion, type Tags } from "./versions.ts";
import { childOf, childrenOf, textOf, writeXml } from "./xml.ts";

const base = {
  on: "object",
  select: ["tagging"],
  query: ["versionId"],
} satisfies Partial<Operation>;

export const getObjectTagging: Operation = {
  ...base,
  name: "GetObjectTagging",
  method: "GET",
  run({ store, bucket, key, query }) {
    const version = readableVersion(store, bucket, key, query.get("versionId"));
    return {
      headers: versionHeader(store, version),
      body: writeXml("Tagging", {
        TagSet: { Tag: version.tags.map(([Key, Value]) => ({ Key, Value })) },
      }),
    };
  },
};

export const putObjectTagging: Operation = {
  ...base,
  name: "PutObjectTagging",
  method: "PUT",
  headers: BODY_HEADERS,
  async run(call) {
    const request = await receiveXml(call, "Tagging");
    const tags = childrenOf(childOf(request, "TagSet"), "Tag").map((tag): Tags[number] => [
      textOf(tag, "Key") ?? "",
      textOf(tag, "Value") ?? "",
    ]);
    return replaceTags(call, validTags(tags), 200);
  },
};

export const deleteObjectTagging: Operation = {
  ...base,
  name: "DeleteObjectTagging",
  method: "DELETE",
  run: (call) => replaceTags(call, [], 204),
};

function replaceTags({ store, bucket, key, query }: Call, tags: Tags, status: number) {
  const version = readableVersion(store, bucket, key, query.get("versionId"));
  store.run("UPDATE versions SET tags = ? WHERE seq = ?", JSON.stringify(tags), version.seq);
  return { status, headers: versionHeader(store, version) };
}
