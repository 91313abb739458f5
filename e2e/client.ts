/** An answer, its body parsed when it is JSON and left as text otherwise. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** RFC 9457, as every refusal of the API looks. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId: string;
  errors?: { field: string; message: string }[];
}

export interface Rendition {
  name: string;
  format: "webp" | "jpeg" | "avif";
  width: number;
  height: number;
  /** Bytes. */
  size: number;
  url: string;
}

export interface Image {
  imageId: string;
  ownerId: string;
  status: "processing" | "ready" | "rejected";
  reason?: { code: string; message: string };
  tags: string[];
  caption: string | null;
  visibility: "private" | "public";
  contentType: string;
  size: number;
  width: number | null;
  height: number | null;
  uploadedAt: string;
  takenAt?: string;
  thumbHash?: string;
  color?: string;
  exif?: Record<string, unknown>;
  renditions: Rendition[];
  version: number;
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface SearchPage extends Page<Image> {
  total: number;
  facets?: { tags?: { tag: string; count: number }[]; months?: { month: string; count: number }[] };
}

export interface Form {
  imageId: string;
  method: "POST";
  url: string;
  fields: Record<string, string>;
  expiresAt: string;
}

/** What a client announces before it sends a picture. */
export interface Announcement {
  contentType: string;
  /** Bytes. */
  size: number;
  fileName?: string;
  sha256?: string;
  tags?: string[];
  caption?: string;
  visibility?: "private" | "public";
  takenAt?: string;
}

export interface User {
  readonly id: string;
  readonly token: string;
  /** Any request of this user; an object body is sent as JSON, a string as it is. */
  call<T>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  get<T>(path: string, headers?: Record<string, string>): Promise<Answer<T>>;
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** A request with its answer read to the end; redirects are answers like any other. */
export async function request<T>(
  method: string,
  url: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const { body } = options;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...options.headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  const parsed: unknown = isJson && text !== "" ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: parsed as T };
}

let users = 0;

/** A user with a token of the local issuer; a new one when no name is given. */
export async function signIn(url: string, name?: string, admin?: boolean): Promise<User> {
  users += 1;
  const id = name ?? `user-${users}-${crypto.randomUUID()}`;
  const answer = await request<{ token: string }>("POST", `${url}/dev/token`, {
    body: { userId: id, ...(admin && { admin }) },
  });
  if (answer.status !== 200) throw new Error(`No token for ${id}: ${answer.status}.`);
  return userWith(url, id, answer.body.token);
}

function userWith(url: string, id: string, token: string): User {
  const call = <T>(method: string, path: string, { body, headers }: CallOptions = {}) =>
    request<T>(method, `${url}${path}`, {
      body,
      headers: { Authorization: `Bearer ${token}`, ...headers },
    });
  return { id, token, call, get: (path, headers) => call("GET", path, { headers }) };
}

/** Sends a picture by its form, straight to the object store, as a browser would. */
export async function sendForm(
  form: Form,
  bytes: Uint8Array,
  changed: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer<string>> {
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...changed })) {
    data.append(name, value);
  }
  data.append("file", new Blob([Uint8Array.from(bytes)]), "picture");
  const response = await fetch(form.url, { method: "POST", headers, body: data });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Asks for a form; throws unless it is given. */
export async function askForForm(user: User, announcement: Announcement): Promise<Form> {
  const answer = await user.call<Form>("POST", "/v1/uploads", { body: announcement });
  if (answer.status === 201) return answer.body;
  throw new Error(`POST /v1/uploads answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** The first two steps of an upload: asks for the form and sends it. */
export async function upload(
  user: User,
  bytes: Uint8Array,
  announcement: Omit<Announcement, "size">,
): Promise<string> {
  const form = await askForForm(user, { ...announcement, size: bytes.length });
  const sent = await sendForm(form, bytes);
  if (sent.status !== 201)
    throw new Error(`The object store answered ${sent.status}: ${sent.body}`);
  return form.imageId;
}
