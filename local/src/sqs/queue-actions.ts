import type { Action } from "./action.ts";
import { checkAttributes, DEFAULT_ATTRIBUTES, type QueueAttributes } from "./queue-attributes.ts";
import { invalidValue, noSuchQueue, notSupported, SqsError } from "./sqs-error.ts";
import type { Queue, QueueStore } from "./store.ts";

const NAME = /^[A-Za-z0-9_-]{1,80}$/;

const urlOf = (url: string, queue: Queue) => `${url}/000000000000/${queue.name}`;

export const createQueue: Action = (request, { store, url }) => {
  const name = String(request.QueueName ?? "");
  if (name.endsWith(".fifo")) throw notSupported("FIFO queues");
  if (!NAME.test(name))
    throw invalidValue(
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
    );
  const attributes = (request.Attributes ?? {}) as QueueAttributes;
  checkAttributes(attributes, (arn) => store.byArn(arn) !== undefined);
  const existing = store.find(name);
  if (existing) {
    const differs = Object.keys(attributes).find(
      (key) => attributes[key] !== existing.attributes[key],
    );
    if (differs) {
      throw new SqsError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${differs}`,
        "QueueAlreadyExists",
      );
    }
    return { QueueUrl: urlOf(url, existing) };
  }
  const tags = (request.tags ?? {}) as Record<string, string>;
  return { QueueUrl: urlOf(url, store.save(name, { ...DEFAULT_ATTRIBUTES, ...attributes }, tags)) };
};

export const getQueueUrl: Action = (request, { store, url }) => {
  const queue = store.find(String(request.QueueName ?? ""));
  if (!queue) throw noSuchQueue(String(request.QueueName));
  return { QueueUrl: urlOf(url, queue) };
};

export const listQueues: Action = (request, { store, url }) => {
  const after = String(request.NextToken ?? "");
  const most = Number(request.MaxResults ?? 1_000);
  const found = store
    .queues()
    .filter((q) => q.name.startsWith(String(request.QueueNamePrefix ?? "")) && q.name > after);
  const page = found.slice(0, most);
  return {
    QueueUrls: page.map((queue) => urlOf(url, queue)),
    ...(found.length > most ? { NextToken: page.at(-1)?.name } : {}),
  };
};

export const deleteQueue: Action = (request, { store, arrivals }) => {
  const queue = store.byUrl(request.QueueUrl);
  store.remove(queue);
  arrivals.announce(queue.name);
  return {};
};

export const purgeQueue: Action = (request, { store }) => {
  store.run("DELETE FROM messages WHERE queue = ?", store.byUrl(request.QueueUrl).name);
  return {};
};

export const setQueueAttributes: Action = (request, { store, arrivals }) => {
  const queue = store.byUrl(request.QueueUrl);
  const changes = (request.Attributes ?? {}) as QueueAttributes;
  checkAttributes(changes, (arn) => store.byArn(arn) !== undefined);
  // An empty policy is no policy.
  const attributes = Object.fromEntries(
    Object.entries({ ...queue.attributes, ...changes }).filter(([, v]) => v !== ""),
  );
  store.save(queue.name, attributes, queue.tags);
  arrivals.announce(queue.name);
  return {};
};

export const getQueueAttributes: Action = (request, { store }) => {
  const queue = store.byUrl(request.QueueUrl);
  const names = (request.AttributeNames ?? []) as string[];
  const all = { ...queue.attributes, ...derived(store, queue) };
  const wanted = Object.entries(all).filter(
    ([name]) => names.includes("All") || names.includes(name),
  );
  return { Attributes: Object.fromEntries(wanted) };
};

function derived(store: QueueStore, queue: Queue): QueueAttributes {
  store.dropExpired(queue);
  const [counts] = store.all(
    `SELECT count(*) FILTER (WHERE visible_at <= ?1) AS visible, count(*) FILTER (WHERE visible_at > ?1 AND receipt IS NOT NULL) AS hidden,
       count(*) FILTER (WHERE visible_at > ?1 AND receipt IS NULL) AS delayed FROM messages WHERE queue = ?2`,
    store.now,
    queue.name,
  );
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts?.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts?.hidden),
    ApproximateNumberOfMessagesDelayed: String(counts?.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
  };
}

export const listDeadLetterSourceQueues: Action = (request, { store, url }) => {
  const { arn } = store.byUrl(request.QueueUrl);
  const sources = store
    .queues()
    .filter((queue) => queue.attributes.RedrivePolicy?.includes(`"${arn}"`));
  return { queueUrls: sources.map((queue) => urlOf(url, queue)) };
};

export const tagQueue: Action = (request, { store }) => {
  const queue = store.byUrl(request.QueueUrl);
  store.save(queue.name, queue.attributes, {
    ...queue.tags,
    ...(request.Tags as Record<string, string>),
  });
  return {};
};

export const untagQueue: Action = (request, { store }) => {
  const queue = store.byUrl(request.QueueUrl);
  const gone = (request.TagKeys ?? []) as string[];
  const tags = Object.fromEntries(
    Object.entries(queue.tags).filter(([key]) => !gone.includes(key)),
  );
  store.save(queue.name, queue.attributes, tags);
  return {};
};

export const listQueueTags: Action = (request, { store }) => ({
  Tags: store.byUrl(request.QueueUrl).tags,
});
