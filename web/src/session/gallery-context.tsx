import type { ShoeboxClient } from "@shoebox/client";
import { createContext, use } from "react";
import type { Session } from "./session.ts";

/** What everything behind the sign-in works with. */
interface GalleryContext {
  client: ShoeboxClient;
  session: Session;
  /** Whether it is the local system, which has pages besides the gallery. */
  local: boolean;
}

export const Gallery = createContext<GalleryContext | undefined>(undefined);

export function useGallery(): GalleryContext {
  const value = use(Gallery);
  if (!value) throw new Error("Only behind the sign-in.");
  return value;
}
