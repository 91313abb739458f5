import { Command } from "commander";
import { type Context, runs } from "../context.ts";
import { removeSettings, settingsFile } from "../settings.ts";

export function logoutCommand(): Command {
  return new Command("logout").description("Forget all tokens and addresses.").action(runs(logout));
}

async function logout({ env, out }: Context): Promise<void> {
  await removeSettings(settingsFile(env));
  out.note("Logged out everywhere.");
}
