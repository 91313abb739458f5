import type { Command } from "./command.ts";

/** An administrator has the index built anew, or changes his mind. */
export const rebuild: Command = async ({ client, random }) => {
  const source = random.pick(["archive", "catalog"]);
  const admin = { userId: "root", admin: true };
  const answer = await client.ask("search", {
    ...admin,
    method: "POST",
    path: "/v1/search/rebuilds",
    headers: { "Idempotency-Key": `rebuild-${random.int(2 ** 31)}` },
    body: { source },
  });
  if (answer?.status !== 202 || !random.chance(0.2)) return;
  const { rebuildId } = answer.body as { rebuildId: string };
  await client.pause(random.between(1_000, 1_200_000));
  await client.ask("search", {
    ...admin,
    method: "DELETE",
    path: `/v1/search/rebuilds/${rebuildId}`,
  });
};
