import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** One Lambda function: its source, and the folder that is deployed as its code. */
export interface LambdaFunction {
  service: string;
  name: string;
  /** Relative to the project's root. */
  entry: string;
  /** Relative to the project's root; what the Pulumi programs name as the function's archive. */
  folder: string;
}

/** Every file in a service's `functions/` folder is a function; there is no list to keep. */
export function findFunctions(): LambdaFunction[] {
  return readdirSync(`${root}services`)
    .filter((service) => existsSync(`${root}services/${service}/src/functions`))
    .flatMap((service) =>
      readdirSync(`${root}services/${service}/src/functions`)
        .filter((file) => /^[a-z-]+[.]ts$/.test(file))
        .map((file) => {
          const name = file.replace(/[.]ts$/, "");
          const entry = `services/${service}/src/functions/${file}`;
          return { service, name, entry, folder: `dist/${service}/${name}` };
        }),
    );
}
