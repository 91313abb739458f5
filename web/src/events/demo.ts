import {
  createClient,
  deleteImage,
  type ShoeboxClient,
  updateImage,
  uploadImage,
} from "@shoebox/client";

const OWNER = "visitor";
const WIDTH = 960;
const HEIGHT = 640;
const CAPTIONS = ["Evening at the lake", "First light", "Behind the hills", "A long way home"];

let client: Promise<ShoeboxClient> | undefined;

/** Anybody is who they say, on a local system. */
function signedIn(): Promise<ShoeboxClient> {
  client ??= (async () => {
    const response = await fetch("/dev/token", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ userId: OWNER }),
    });
    if (!response.ok) throw new Error(`/dev/token answered ${response.status}.`);
    const { token } = (await response.json()) as { token: string };
    return createClient({ url: location.origin, token });
  })().catch((error: unknown) => {
    client = undefined;
    throw error;
  });
  return client;
}

/** Takes a picture through, one that there never was before. Resolves with its id when it was sent. */
export async function sendPicture(): Promise<string> {
  return await send(await paint(), ["demo", "landscape"]);
}

/** What begins like a JPEG and is none: it gets in, and is rejected when it is decoded. */
export async function sendBroken(): Promise<string> {
  const bytes = new Uint8Array(4_096);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  crypto.getRandomValues(bytes.subarray(4));
  return await send(new Blob([bytes], { type: "image/jpeg" }), ["demo", "broken"]);
}

async function send(picture: Blob, tags: string[]): Promise<string> {
  const { imageId } = await uploadImage(await signedIn(), picture, {
    tags,
    caption: CAPTIONS[Math.floor(Math.random() * CAPTIONS.length)],
  });
  return imageId;
}

export async function editPicture(imageId: string): Promise<void> {
  const caption = `Seen again at ${new Date().toLocaleTimeString()}`;
  await updateImage(await signedIn(), imageId, { caption });
}

export async function deletePicture(imageId: string): Promise<void> {
  await deleteImage(await signedIn(), imageId);
}

/** Sky, sun and three hills, in other colours every time. */
function paint(): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser can't paint.");
  const hue = Math.floor(Math.random() * 360);
  const sky = context.createLinearGradient(0, 0, 0, HEIGHT);
  sky.addColorStop(0, `hsl(${hue} 65% 38%)`);
  sky.addColorStop(1, `hsl(${(hue + 50) % 360} 85% 78%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = `hsl(${(hue + 70) % 360} 95% 88%)`;
  context.beginPath();
  context.arc(WIDTH * (0.2 + Math.random() * 0.6), HEIGHT * 0.4, 60, 0, 2 * Math.PI);
  context.fill();
  for (const [index, height] of [0.55, 0.68, 0.82].entries()) {
    context.fillStyle = `hsl(${(hue + 110) % 360} 38% ${42 - index * 12}%)`;
    context.beginPath();
    context.moveTo(0, HEIGHT);
    const phase = Math.random() * 6;
    for (let x = 0; x <= WIDTH; x += 12) {
      context.lineTo(x, HEIGHT * (height + 0.07 * Math.sin(x / 150 + phase + index)));
    }
    context.lineTo(WIDTH, HEIGHT);
    context.fill();
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture can't be encoded."))),
      "image/jpeg",
      0.86,
    );
  });
}
