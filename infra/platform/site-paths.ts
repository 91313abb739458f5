/**
 * Which object an address of the web pages is: the gallery's own addresses are its one page, a name
 * without an ending is the page of that name. It is deployed as text to CloudFront, so it may use nothing
 * from outside of itself.
 */
export function rewritePath(uri: string): string {
  if (/^[/]($|photos[/]|admin[/]|signed-in$)/.test(uri)) return "/index.html";
  const last = uri.slice(uri.lastIndexOf("/") + 1);
  return last === "" || last.includes(".") ? uri : `${uri}.html`;
}
