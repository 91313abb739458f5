import { z } from "@hono/zod-openapi";
import { type ImageVersion, parseVersionToken } from "@shoebox/shared/http/version-token";
import { Instant } from "@shoebox/shared/image";

/** What several routes take in their query. */

/** Seconds that a search waits for what `after` names. API Gateway gives up after 29. */
const DEFAULT_WAIT = 10;
const LONGEST_WAIT = 25;

/** A parameter that may be given several times; one value or none comes as a list too. */
export const several = <T extends z.ZodType<unknown, string>>(item: T, most: number) =>
  z
    .union([z.array(z.string()), z.string()])
    .optional()
    .transform((given, context) => {
      const texts = given === undefined ? [] : [given].flat();
      if (texts.length > most) {
        context.addIssue({ code: "custom", message: `may be given up to ${most} times` });
      }
      return texts.map((text): z.output<T> => {
        const parsed = item.safeParse(text);
        if (parsed.success) return parsed.data;
        context.addIssue({ code: "custom", message: parsed.error.issues[0]?.message });
        return z.NEVER;
      });
    });

export const flag = (description: string) =>
  z
    .enum(["true", "false"])
    .optional()
    .transform((value) => value === "true")
    .openapi({ description, type: "string", enum: ["true", "false"], default: "false" });

export const wholeNumber = (limits: {
  minimum: number;
  maximum: number;
  default: number;
  description: string;
}) =>
  z
    .string()
    .regex(/^\d{1,4}$/, "must be a whole number")
    .transform(Number)
    .refine(
      (value) => value >= limits.minimum && value <= limits.maximum,
      `must be from ${limits.minimum} to ${limits.maximum}`,
    )
    .optional()
    .transform((value) => value ?? limits.default)
    .openapi({ type: "integer", ...limits });

/** Year 0 is no year of any calendar that people use. */
export const SearchInstant = Instant.refine(
  (instant) => !instant.startsWith("0000"),
  "must be within the years 1 to 9999",
);

export const Scope = z.enum(["mine", "public", "all"]).default("mine").openapi({
  description: "My pictures, everybody's public ones, or both",
});

export const waiting = {
  after: several(z.string().max(512), 10).openapi({
    description:
      "The `Version-Token` of a change in the catalog; give it again for more. The search answers when it knows this version or a later one of the picture, or says `caughtUp: false` when it does not within `wait`",
  }),
  wait: wholeNumber({
    minimum: 0,
    maximum: LONGEST_WAIT,
    default: DEFAULT_WAIT,
    description: "Seconds to wait for what `after` names",
  }),
};

export const CaughtUp = z.boolean().optional().openapi({
  description:
    "Only with `after`: whether everything it names is in this answer. If not, it may still be on its way",
});

/** The versions that tokens of this user name; 400 for a token that is not his. */
export function versionsOf(tokens: string[], userId: string): ImageVersion[] {
  return tokens.map((token) => parseVersionToken(token, userId, "after"));
}
