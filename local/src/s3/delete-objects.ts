import { deleteOne } from "./delete-object.ts";
import { BODY_HEADERS, type Operation } from "./operation.ts";
import { receiveXml } from "./receive.ts";
import { malformedXml, notImplemented, S3Error } from "./s3-error.ts";
import { childrenOf, textOf, writeXml, type XmlValue } from "./xml.ts";

const MAX_KEYS = 1000;

export const deleteObjects: Operation = {
  name: "DeleteObjects",
  method: "POST",
  on: "bucket",
  select: ["delete"],
  headers: BODY_HEADERS,
  async run(call) {
    const request = await receiveXml(call, "Delete");
    const objects = childrenOf(request, "Object");
    if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml();
    const quiet = textOf(request, "Quiet")?.trim() === "true";
    const deleted: XmlValue[] = [];
    const errors: XmlValue[] = [];
    for (const object of objects) {
      const key = textOf(object, "Key");
      if (!key) throw malformedXml();
      const unknown = object.children.find((child) => !["Key", "VersionId"].includes(child.name));
      if (unknown) throw notImplemented(`${unknown.name} in DeleteObjects`);
      const versionId = textOf(object, "VersionId");
      try {
        const outcome = deleteOne(call, key, versionId);
        deleted.push({
          Key: key,
          VersionId: outcome.versionId,
          DeleteMarker: outcome.deleteMarker ? true : undefined,
          DeleteMarkerVersionId: outcome.markerVersionId,
        });
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        errors.push({ Key: key, VersionId: versionId, Code: error.code, Message: error.message });
      }
    }
    return { body: writeXml("DeleteResult", { Deleted: quiet ? [] : deleted, Error: errors }) };
  },
};
