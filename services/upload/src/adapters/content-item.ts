/**
 * Says that an uploaded image has this content. There is one for each image whose SHA-256 was
 * announced, written and removed in the transactions that accept and delete it: however many images
 * have the same content, what is found is always one that is there.
 */
export function contentKey(image: { ownerId: string; imageId: string; sha256: string }): {
  PK: string;
  SK: string;
} {
  return {
    PK: `userId#${image.ownerId}`,
    SK: `${contentPrefix(image.sha256)}${image.imageId}`,
  };
}

/** What the sort keys of all images with this content begin with. */
export function contentPrefix(sha256: string): string {
  return `sha256#${sha256}#`;
}
