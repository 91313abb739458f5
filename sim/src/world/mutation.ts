import type { RuleSpec } from "../events/spec.ts";
import type { Call } from "./exchange.ts";

/**
 * What takes a mitigation out of the system without touching it: what the services say to their
 * stores, what those answer, and what functions answer to those who call them, is changed on the way.
 */
export interface Mutation {
  /** Changes a request before the store reads it. */
  request?(call: Call): void;
  /** Changes what a store answers. */
  answer?(call: Call, answer: Record<string, unknown>): void;
  /** Changes what a function answers to its event source. */
  result?(functionName: string, payload: unknown, event: unknown): unknown;
  /** Changes what is declared. */
  rule?(rule: RuleSpec): RuleSpec;
}
