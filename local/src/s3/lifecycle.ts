import { randomUUID } from "node:crypto";
import { deleteLatest, deleteVersion } from "./change-versions.ts";
import type { Cause } from "./events.ts";
import { type LifecycleRule, parseLifecycle } from "./lifecycle-rules.ts";
import type { Store } from "./store.ts";
import { removeUpload } from "./uploads.ts";
import { fromRow, type ObjectVersion, type VersionRow } from "./versions.ts";
import { parseXml } from "./xml.ts";

const DAY = 86_400_000;
/** How long a completed upload is remembered to answer a repeated completion. */
const REMEMBER_COMPLETED = DAY;

/** What a sweep did, by count. */
export interface LifecycleReport {
  expired: number;
  noncurrentRemoved: number;
  markersRemoved: number;
  uploadsAborted: number;
}

/**
 * Applies the lifecycle rules of all buckets as of `now` (milliseconds). S3 does this once a day
 * and rounds up to the next midnight UTC; so does this. Objects keep their storage class:
 * transitions are configuration only.
 */
export function sweepLifecycle(store: Store, now: number): LifecycleReport {
  const report = { expired: 0, noncurrentRemoved: 0, markersRemoved: 0, uploadsAborted: 0 };
  const settings = store.all<{ bucket: string; body: string }>(
    "SELECT bucket, body FROM settings WHERE name = 'lifecycle'",
  );
  store.commit((freed) => {
    for (const { bucket, body } of settings) {
      for (const rule of parseLifecycle(parseXml(body, "LifecycleConfiguration"))) {
        abortUploads(store, freed, bucket, rule, now, report);
        expireVersions(store, freed, bucket, rule, now, report);
      }
    }
    store.run("DELETE FROM uploads WHERE completed_at < ?", now - REMEMBER_COMPLETED);
  });
  return report;
}

const dueAfter = (time: number, days: number) => Math.ceil((time + days * DAY) / DAY) * DAY;

function abortUploads(
  store: Store,
  freed: string[],
  bucket: string,
  rule: LifecycleRule,
  now: number,
  report: LifecycleReport,
) {
  const { abortDays } = rule;
  if (abortDays === undefined) return;
  const open = store.all<{ upload_id: string; key: string; initiated: number }>(
    "SELECT upload_id, key, initiated FROM uploads WHERE bucket = ? AND completed_at IS NULL",
    bucket,
  );
  for (const upload of open) {
    if (!upload.key.startsWith(rule.prefix) || dueAfter(upload.initiated, abortDays) > now)
      continue;
    removeUpload(store, freed, upload.upload_id);
    report.uploadsAborted += 1;
  }
}

function expireVersions(
  store: Store,
  freed: string[],
  bucket: string,
  rule: LifecycleRule,
  now: number,
  report: LifecycleReport,
) {
  const { expireDays, expireDate, expireMarkers, noncurrentDays } = rule;
  if (!expireMarkers && (expireDays ?? expireDate ?? noncurrentDays) === undefined) return;
  const rows = store.all<VersionRow>(
    "SELECT * FROM versions WHERE bucket = ? ORDER BY key, seq DESC",
    bucket,
  );
  let newer: ObjectVersion | undefined;
  let noncurrentSeen = 0;
  rows.forEach((row, index) => {
    const version = fromRow(row);
    const successor = newer?.key === version.key ? newer : undefined;
    newer = version;
    if (!successor) noncurrentSeen = 0;
    if (!applies(rule, version)) return;
    const cause: Cause = {
      reason: "Lifecycle Expiration",
      requestId: randomUUID(),
      requester: "s3.amazonaws.com",
    };
    if (successor) {
      noncurrentSeen += 1;
      const { noncurrentDays, keepNoncurrent } = rule;
      if (noncurrentDays === undefined || noncurrentSeen <= keepNoncurrent) return;
      if (dueAfter(successor.lastModified, noncurrentDays) > now) return;
      deleteVersion(store, freed, bucket, version.key, version.versionId, cause);
      report.noncurrentRemoved += 1;
    } else if (version.deleteMarker) {
      const alone = rows[index + 1]?.key !== version.key;
      const due =
        rule.expireDays !== undefined && dueAfter(version.lastModified, rule.expireDays) <= now;
      if (!alone || !(rule.expireMarkers || due)) return;
      deleteVersion(store, freed, bucket, version.key, version.versionId, cause);
      report.markersRemoved += 1;
    } else {
      const byDays =
        rule.expireDays !== undefined && dueAfter(version.lastModified, rule.expireDays) <= now;
      const byDate = rule.expireDate !== undefined && rule.expireDate <= now;
      if (!byDays && !byDate) return;
      deleteLatest(store, freed, bucket, version.key, cause);
      report.expired += 1;
    }
  });
}

const applies = (rule: LifecycleRule, version: ObjectVersion) =>
  version.key.startsWith(rule.prefix) &&
  (version.deleteMarker || (version.size > rule.largerThan && version.size < rule.smallerThan)) &&
  rule.tags.every(([key, value]) => version.tags.some(([k, v]) => k === key && v === value));
