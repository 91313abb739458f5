import { generateKeyPairSync } from "node:crypto";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import { newImageId } from "@shoebox/shared/ids";
import { renditionPrefix } from "@shoebox/shared/image";
import { importPeer } from "../../peers/import.ts";
import type { Finding, Row } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { cpuOf } from "../measure/cpu.ts";
import { ratioOf, spreadOf } from "../measure/statistics.ts";
import { peerVersion } from "../peers.ts";

const IMAGES = 50;
const RENDITIONS = ["thumb.webp", "small.webp", "medium.webp", "large.webp", "large.jpg"];
const BASE = "https://cdn.example";

interface CloudFrontSigner {
  getSignedUrl(options: {
    url: string;
    keyPairId: string;
    privateKey: string;
    dateLessThan: string;
  }): string;
}

/** A page whose images nobody has seen before, then the same page again. */
export const signing: Row = {
  name: "signing",
  title: "signed URLs of the renditions of a page of 50 images",
  async measure({ quick }) {
    const { getSignedUrl } = await importPeer<CloudFrontSigner>("@aws-sdk/cloudfront-signer");
    const name = `@aws-sdk/cloudfront-signer ${peerVersion("@aws-sdk/cloudfront-signer")}, RSA-2048`;
    const rsa = pem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
    const signer = createCdnSigner({
      baseUrl: BASE,
      keyId: "K1",
      privateKey: pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
    });
    const now = Date.now();
    const dateLessThan = new Date(now + 3_600_000).toISOString();
    let imageIds: string[] = [];
    const oursOf = (ids: string[]) => () => {
      for (const imageId of ids) {
        const sign = signer.renditions(imageId, now);
        for (const rendition of RENDITIONS) sign(`${renditionPrefix(imageId)}${rendition}`);
      }
    };
    const peerOf = (ids: string[]) => () => {
      for (const imageId of ids) {
        for (const rendition of RENDITIONS) {
          const url = `${BASE}/${renditionPrefix(imageId)}${rendition}`;
          getSignedUrl({ url, keyPairId: "K1", privateKey: rsa, dateLessThan });
        }
      }
    };
    const rounds = quick ? 5 : 21;
    const pages = 10;
    const measured = async (fresh: boolean) => {
      const ids = () => {
        if (fresh || imageIds.length === 0)
          imageIds = Array.from({ length: IMAGES }, () => newImageId(Date.now()));
        return imageIds;
      };
      return alternate(rounds, {
        ours: async () => {
          let sum = 0;
          for (let page = 0; page < pages; page++) sum += await cpuOf(oursOf(ids()));
          return sum / pages;
        },
        peer: () => cpuOf(peerOf(ids())),
      });
    };
    const finding = (what: string, rounds: { ours: number[]; peer: number[] }): Finding => ({
      what,
      ours: { ...spreadOf(rounds.ours), unit: "ms" },
      peer: { ...spreadOf(rounds.peer), unit: "ms", name },
      ratio: ratioOf({ ours: rounds.peer, peer: rounds.ours }),
    });
    return [
      {
        ...finding("processor time for images never signed before", await measured(true)),
        target: { atLeast: 20 },
        note: "250 URLs: ours signs once an image (a wildcard), with ECDSA; the peer once a URL",
      },
      {
        ...finding("the same page again within the hour", await measured(false)),
        note: "ours remembers its signatures, so that browsers find the picture in their cache",
      },
    ];
  },
};

function pem(key: { export(options: { type: "pkcs8"; format: "pem" }): string | Buffer }): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
