/** Why the local cloud does not start, in one sentence for the person who started it. */
export class Refusal extends Error {}
