// Before anything is painted, so that the page never flashes in the other colours.
try {
  const theme = localStorage.getItem("shoebox-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off: the system's colours are right.
}
