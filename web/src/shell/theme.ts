import { useState } from "react";

/** Which colours: the system's, or the ones that were chosen. */
export type Theme = "auto" | "light" | "dark";

const KEY = "shoebox-theme";

/** The theme and how it is changed; `theme.js` applies it before the first paint of the next visit. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const { theme: chosen } = document.documentElement.dataset;
    return chosen === "light" || chosen === "dark" ? chosen : "auto";
  });
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, next);
    } catch {
      // Storage is off: it holds for this visit.
    }
  };
  return [theme, choose];
}
