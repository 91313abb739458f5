import { type Picture, scene } from "../pictures.ts";

const scenes: [name: string, contentType: string, width: number, height: number][] = [
  ["harbour-evening.jpg", "image/jpeg", 3000, 2000],
  ["harbour-morning.jpg", "image/jpeg", 2400, 1600],
  ["mountain-sunrise.jpg", "image/jpeg", 4000, 3000],
  ["mountain-lake.webp", "image/webp", 1600, 1200],
  ["city-night.png", "image/png", 1200, 800],
  ["city-roofs.jpg", "image/jpeg", 2000, 1500],
  ["forest-autumn.jpg", "image/jpeg", 1500, 2000],
  ["forest-path.webp", "image/webp", 900, 1200],
  ["beach-sunset.jpg", "image/jpeg", 3600, 2400],
  ["beach-children.png", "image/png", 800, 600],
  ["portrait-anna.jpg", "image/jpeg", 1000, 1500],
  ["stamp.png", "image/png", 120, 90],
];

/** Pictures as people have them, and two that must not get in: a damaged one and one in disguise. */
export async function demoPictures(): Promise<Picture[]> {
  const good = await Promise.all(
    scenes.map(async ([name, contentType, width, height], index): Promise<Picture> => {
      const image = scene(width, height, index * 31);
      const bytes = await image.toFormat(contentType.slice("image/".length) as "jpeg").toBuffer();
      return { name, contentType, bytes, damaged: false };
    }),
  );
  const cutOff = Buffer.concat([(good[0]?.bytes ?? Buffer.alloc(0)).subarray(0, 2_000)]);
  const page = Buffer.from(`<!doctype html><script>alert("no picture")</script>${" ".repeat(500)}`);
  return [
    ...good,
    { name: "damaged.jpg", contentType: "image/jpeg", bytes: cutOff, damaged: true },
    { name: "web-page.jpg", contentType: "image/jpeg", bytes: page, damaged: true },
  ];
}
