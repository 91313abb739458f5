import { Argument, Command } from "commander";
import { completionScript, shells } from "../completion/scripts.ts";

export function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("Print what makes a shell complete this program's words.")
    .addArgument(new Argument("<shell>").choices(shells))
    .addHelpText(
      "after",
      `
Examples:
  source <(shoebox completion bash)                                            # in ~/.bashrc
  shoebox completion zsh > "\${fpath[1]}/_shoebox"
  shoebox completion fish > ~/.config/fish/completions/shoebox.fish`,
    )
    .action((shell: (typeof shells)[number]) => {
      process.stdout.write(completionScript(shell, program));
    });
}
