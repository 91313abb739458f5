import type { Point } from "./layout.ts";

/** Dots under way at most; more than the eye can follow anyway. */
const MOST = 500;
/** Pixels a millisecond, and how long any way may take. */
const SPEED = 0.62;
const SHORTEST = 800;
const LONGEST = 2_400;
const GLOW = 900;

interface Way {
  points: Point[];
  /** The length up to each point. */
  until: number[];
  length: number;
  colour: string;
  begins: number;
  takes: number;
}

/**
 * Draws events on a canvas over the map: dots that run along their ways, or, when motion is not wanted, ways that light
 * up and fade. It draws only while there is something to draw.
 */
export class Flow {
  readonly #context: CanvasRenderingContext2D | null;
  readonly #canvas: HTMLCanvasElement;
  #ways: Way[] = [];
  #frame = 0;
  /** Whether somebody wants no motion; looked at for every event, for it may change. */
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
  }

  /** In CSS pixels. What is under way is forgotten: its ways are those of another layout. */
  resize(width: number, height: number): void {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#ways = [];
  }

  /** @param after milliseconds from now; @param slower how many times as long as usual it may take */
  send(points: Point[], colour: string, after = 0, slower = 1): void {
    if (this.#ways.length >= MOST || document.hidden) return;
    const until = [0];
    for (let index = 1; index < points.length; index += 1) {
      const [a, b] = [points[index - 1], points[index]];
      until.push((until.at(-1) ?? 0) + (a && b ? Math.hypot(b.x - a.x, b.y - a.y) : 0));
    }
    const length = until.at(-1) ?? 0;
    const usual = Math.min(LONGEST, Math.max(SHORTEST, length / SPEED));
    this.#ways.push({
      points,
      until,
      length,
      colour,
      begins: performance.now() + after,
      takes: (this.#calm.matches ? GLOW : usual) * slower,
    });
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#draw);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#ways = [];
  }

  readonly #draw = (): void => {
    const context = this.#context;
    if (!context) return;
    const now = performance.now();
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#ways = this.#ways.filter(({ begins, takes }) => now < begins + takes);
    for (const way of this.#ways) {
      const done = (now - way.begins) / way.takes;
      if (done < 0) continue;
      if (this.#calm.matches) lightUp(context, way, 1 - done);
      else run(context, way, eased(done));
    }
    context.globalAlpha = 1;
    this.#frame = this.#ways.length > 0 ? requestAnimationFrame(this.#draw) : 0;
  };
}

function run(context: CanvasRenderingContext2D, way: Way, done: number): void {
  const head = done * way.length;
  context.strokeStyle = way.colour;
  context.fillStyle = way.colour;
  context.lineCap = "round";
  context.lineWidth = 3;
  context.globalAlpha = 0.35;
  trace(context, way, Math.max(0, head - 26), head);
  context.globalAlpha = 1;
  const { x, y } = at(way, head);
  context.beginPath();
  context.arc(x, y, 4.2, 0, 2 * Math.PI);
  context.fill();
}

function lightUp(context: CanvasRenderingContext2D, way: Way, strength: number): void {
  context.strokeStyle = way.colour;
  context.lineWidth = 2.5;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.globalAlpha = 0.75 * strength;
  trace(context, way, 0, way.length);
}

function trace(context: CanvasRenderingContext2D, way: Way, from: number, to: number): void {
  const start = at(way, from);
  context.beginPath();
  context.moveTo(start.x, start.y);
  way.points.forEach(({ x, y }, index) => {
    const here = way.until[index] ?? 0;
    if (here > from && here < to) context.lineTo(x, y);
  });
  const end = at(way, to);
  context.lineTo(end.x, end.y);
  context.stroke();
}

function at({ points, until, length }: Way, distance: number): Point {
  const index = until.findIndex((here) => here >= Math.min(distance, length));
  const [a, b] = [points[index - 1] ?? points[0], points[index] ?? points.at(-1)];
  if (!a || !b) return { x: 0, y: 0 };
  const [from, to] = [until[index - 1] ?? 0, until[index] ?? 0];
  const part = to > from ? (distance - from) / (to - from) : 0;
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** Slow at its ends, so that one sees whence and whither. */
function eased(part: number): number {
  return part < 0.5 ? 2 * part * part : 1 - (2 - 2 * part) ** 2 / 2;
}
