import type { Send } from "./platform.ts";

/** `fetch` of browsers tells nothing of a body on its way; XMLHttpRequest does. */
export const send: Send = (request) =>
  typeof XMLHttpRequest === "undefined" ? byFetch(request) : byXhr(request);

const byXhr: Send = ({ method, url, headers = {}, body, onSent, signal, idleTimeout }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => xhr.abort();
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, idleTimeout);
    };
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => {
      wait();
      onSent(loaded);
    };
    xhr.onload = () => {
      done();
      const { status, responseText } = xhr;
      resolve({ status, etag: xhr.getResponseHeader("ETag"), text: responseText });
    };
    xhr.onerror = () => {
      done();
      reject(new Error("The connection broke."));
    };
    xhr.onabort = () => {
      done();
      reject(signal.aborted ? signal.reason : new Error(`No progress within ${idleTimeout} ms.`));
    };
    signal.addEventListener("abort", stop, { once: true });
    wait();
    xhr.send(body);
  });

/** Service workers and edge runtimes: no progress on the way. */
const byFetch: Send = async ({ method, url, headers, body, onSent, signal }) => {
  const response = await fetch(url, { method, headers, body, signal });
  onSent(body.size);
  const { status } = response;
  return { status, etag: response.headers.get("ETag"), text: await response.text() };
};

/** Whether a file of any size is digested without having it in memory. */
export const hashesStreams = false;

/** In hex. Browsers digest only what is in memory as a whole. */
export async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
