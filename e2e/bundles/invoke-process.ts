/** A process with nothing in it but one bundle: imports it and calls its handler once, as Lambda does after a cold start. */
process.once("message", async ({ entry, event }: { entry: string; event: unknown }) => {
  const { handler } = await import(entry);
  const context = { awsRequestId: "cold", getRemainingTimeInMillis: () => 10_000 };
  const answer: unknown = await handler(event, context);
  process.send?.({ answer }, () => process.exit(0));
});
