import type { PictureFile } from "../upload/pictures.ts";

/** Tells, look by look, which files of a folder are new and are not written any more. */
export function newPictures() {
  const seen = new Map<string, string>();
  const ended = new Map<string, string>();
  const stateOf = ({ size, modified }: PictureFile) => `${size} ${modified}`;
  const done = (picture: PictureFile) => ended.set(picture.path, stateOf(picture));
  return {
    /** Those that two looks, one after the other, have found alike, and that have not come to an end as they are. */
    settled(found: PictureFile[]): PictureFile[] {
      const alike = found.filter(
        (picture) =>
          seen.get(picture.path) === stateOf(picture) &&
          ended.get(picture.path) !== stateOf(picture),
      );
      seen.clear();
      for (const picture of found) seen.set(picture.path, stateOf(picture));
      return alike.filter(({ size }) => size > 0);
    },
    done: (picture: PictureFile): void => {
      done(picture);
    },
    leave(found: PictureFile[]): void {
      found.forEach(done);
    },
  };
}
