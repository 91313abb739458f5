import { holdsQuota, usageOf } from "@shoebox/upload/domain/quota";
import type { Upload } from "@shoebox/upload/domain/session";
import { USERS } from "../commands/command.ts";
import type { Invariant } from "./state.ts";

/** What is counted of each user is what is there. */
export const quotasEqualUploads: Invariant = ({ sessions, items }) =>
  USERS.flatMap((user) => {
    const own = [...sessions.values()].filter(
      (session): session is typeof session & Upload =>
        session.ownerId === user && holdsQuota(session),
    );
    const wanted = usageOf(own);
    const item = items.upload.find(({ PK, SK }) => PK === `userId#${user}` && SK === "quota");
    const counted = { bytes: Number(item?.bytes ?? 0), images: Number(item?.images ?? 0) };
    return counted.bytes === wanted.bytes && counted.images === wanted.images
      ? []
      : [
          `${user} is charged for ${counted.images} images of ${counted.bytes} bytes, and has ${wanted.images} of ${wanted.bytes}`,
        ];
  });

/** An image is found by its content exactly as long as it is there. */
export const contentsAreThere: Invariant = ({ sessions, items, name }) => {
  const wanted = new Set(
    [...sessions.values()].flatMap((session) =>
      session.status === "uploaded" && session.sha256 !== undefined ? [session.imageId] : [],
    ),
  );
  const there = items.upload
    .filter(({ SK }) => String(SK).startsWith("sha256#"))
    .map(({ SK }) => String(SK).split("#").at(-1) ?? "");
  return [
    ...there.filter((id) => !wanted.has(id)).map((id) => `the content of ${name(id)} is left over`),
    ...[...wanted]
      .filter((id) => !there.includes(id))
      .map((id) => `the content of ${name(id)} is not known`),
  ];
};
