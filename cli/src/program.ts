import { Command } from "commander";
import { completionCommand } from "./commands/completion.ts";
import { downloadCommand } from "./commands/download.ts";
import { loginCommand } from "./commands/login.ts";
import { logoutCommand } from "./commands/logout.ts";
import { lsCommand } from "./commands/ls.ts";
import { rmCommand } from "./commands/rm.ts";
import { searchCommand } from "./commands/search.ts";
import { showCommand } from "./commands/show.ts";
import { statusCommand } from "./commands/status.ts";
import { tagCommand } from "./commands/tag.ts";
import { uploadCommand } from "./commands/upload.ts";
import { watchCommand } from "./commands/watch.ts";

/** The command line, with all its commands. */
export function createProgram(): Command {
  const program = new Command("shoebox")
    .description("Upload, find and fetch the pictures of a Shoebox.")
    .option(
      "--url <url>",
      "the Shoebox (default: SHOEBOX_URL, the last login, http://127.0.0.1:7070)",
    )
    .option("--json", "JSON instead of text: one line for each thing")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(
          `${text
            .replace(/^error: /, "")
            .replace(/\n\(/, " (")
            .trim()}\n`,
        ),
    })
    .addHelpText(
      "after",
      `
Examples:
  shoebox login --url http://127.0.0.1:7070 --user ann
  shoebox upload ~/Pictures --tag holiday
  shoebox search sunset --tag beach
  shoebox COMMAND --help

Environment: SHOEBOX_URL, SHOEBOX_TOKEN (instead of a login), XDG_CONFIG_HOME, XDG_STATE_HOME.
Exit codes: 0 done; 1 some of it was not done; 2 not understood; 3 no access; 4 no such image;
5 no answer; 130 interrupted.`,
    );
  const commands = [
    loginCommand(),
    logoutCommand(),
    statusCommand(),
    uploadCommand(),
    watchCommand(),
    lsCommand(),
    searchCommand(),
    showCommand(),
    tagCommand(),
    downloadCommand(),
    rmCommand(),
    completionCommand(program),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}
