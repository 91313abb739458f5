import { type RefObject, useEffect, useRef, useState } from "react";
import { deepest, FITTED, fit, type Lie, type Size, within, zoomAround } from "./zoom.ts";

/** Pixels that a swipe must go, and that a finger may tremble. */
const [SWIPE, TREMBLE] = [56, 8];
/** How much a click on "closer" enlarges, and a double click. */
const [STEP, LEAP] = [1.5, 2.5];

interface Gestures {
  lie: Lie;
  fitted: Size;
  /** How far a finger has pulled the picture that is not enlarged. */
  pull: { x: number; y: number };
  /** Whether it follows a finger: no motion of its own then. */
  held: boolean;
  zoom(direction: "in" | "out" | "reset"): void;
}

/** Wheel, pinch, double click, drag and swipe on a stage. */
export function useGestures(
  stage: RefObject<HTMLElement | null>,
  picture: Size,
  /** Changes with the picture: another one begins fitted. */
  key: string,
  on: { previous(): void; next(): void; close(): void },
): Gestures {
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const [lie, setLie] = useState<Lie>(FITTED);
  const [pull, setPull] = useState({ x: 0, y: 0 });
  const [held, setHeld] = useState(false);
  const [shown, setShown] = useState(key);
  if (shown !== key) {
    setShown(key);
    setLie(FITTED);
    setPull({ x: 0, y: 0 });
  }
  const fitted = fit(picture, size);
  const bounds = { fitted, stage: size, deepest: deepest(picture, fitted) };
  const now = useRef({ lie, bounds, on });
  useEffect(() => {
    now.current = { lie, bounds, on };
  });

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
      setLie(FITTED);
    });
    observer.observe(element);
    const detach = listen(element, now, { setLie, setPull, setHeld });
    return () => {
      observer.disconnect();
      detach();
    };
  }, [stage]);

  const zoom = (direction: "in" | "out" | "reset") =>
    setLie((was) =>
      direction === "reset"
        ? FITTED
        : zoomAround(was, direction === "in" ? STEP : 1 / STEP, { x: 0, y: 0 }, bounds),
    );
  return { lie, fitted, pull, held, zoom };
}

type Now = RefObject<{
  lie: Lie;
  bounds: { fitted: Size; stage: Size; deepest: number };
  on: { previous(): void; next(): void; close(): void };
}>;

function listen(
  element: HTMLElement,
  now: Now,
  set: {
    setLie(lie: Lie): void;
    setPull(pull: { x: number; y: number }): void;
    setHeld(held: boolean): void;
  },
): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number; lie: Lie; distance: number } | undefined;
  let moved = { x: 0, y: 0 };

  const fromMiddle = ({ clientX, clientY }: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  };
  const middle = () => {
    const points = [...pointers.values()];
    const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
    return { x: sum.x / points.length, y: sum.y / points.length };
  };
  const distance = () => {
    const [a, b] = [...pointers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const begin = () => {
    start =
      pointers.size > 0 ? { ...middle(), lie: now.current.lie, distance: distance() } : undefined;
  };

  const listeners: { [type: string]: (event: never) => void } = {
    wheel: (event: WheelEvent) => {
      event.preventDefault();
      const { lie, bounds } = now.current;
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      set.setLie(zoomAround(lie, factor, fromMiddle(event), bounds));
    },
    dblclick: (event: MouseEvent) => {
      const { lie, bounds } = now.current;
      set.setLie(lie.scale > 1 ? FITTED : zoomAround(lie, LEAP, fromMiddle(event), bounds));
    },
    pointerdown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      if (event.target instanceof Element && event.target.closest("button, a")) return;
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, fromMiddle(event));
      moved = { x: 0, y: 0 };
      set.setHeld(true);
      begin();
    },
    pointermove: (event: PointerEvent) => {
      if (!pointers.has(event.pointerId) || !start) return;
      pointers.set(event.pointerId, fromMiddle(event));
      const { bounds } = now.current;
      const at = middle();
      const shift = { x: at.x - start.x, y: at.y - start.y };
      if (pointers.size > 1) {
        const around = { ...start.lie, x: start.lie.x + shift.x, y: start.lie.y + shift.y };
        set.setLie(zoomAround(around, distance() / Math.max(1, start.distance), at, bounds));
        set.setPull({ x: 0, y: 0 });
      } else if (start.lie.scale > 1) {
        const next = { ...start.lie, x: start.lie.x + shift.x, y: start.lie.y + shift.y };
        set.setLie(within(next, bounds));
      } else if (event.pointerType !== "mouse") {
        moved =
          Math.abs(shift.x) > Math.abs(shift.y)
            ? { x: shift.x, y: 0 }
            : { x: 0, y: Math.max(0, shift.y) };
        if (Math.hypot(moved.x, moved.y) > TREMBLE) set.setPull(moved);
      }
    },
    pointerup: (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId)) return;
      set.setHeld(pointers.size > 0);
      begin();
      if (pointers.size > 0) return;
      const { on } = now.current;
      set.setPull({ x: 0, y: 0 });
      if (moved.x < -SWIPE) on.next();
      else if (moved.x > SWIPE) on.previous();
      else if (moved.y > SWIPE * 1.5) on.close();
      moved = { x: 0, y: 0 };
    },
    pointercancel: (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      moved = { x: 0, y: 0 };
      set.setPull(moved);
      set.setHeld(pointers.size > 0);
      begin();
    },
  };
  for (const [type, listener] of Object.entries(listeners)) {
    element.addEventListener(type, listener as EventListener, { passive: false });
  }
  return () => {
    for (const [type, listener] of Object.entries(listeners)) {
      element.removeEventListener(type, listener as EventListener);
    }
  };
}
