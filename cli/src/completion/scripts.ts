import type { Command, Option } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;

interface Words {
  name: string;
  about: string;
  options: Option[];
  /** Its words are files. */
  files: boolean;
}

/** Completes commands and options; the words of those that take paths as files. */
export function completionScript(shell: (typeof shells)[number], program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: [...command.options, ...program.options],
    files: command.registeredArguments.some((one) => ["path", "folder"].includes(one.name())),
  }));
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
    default:
      return shell satisfies never;
  }
}

const flags = ({ options }: Words) => options.map(({ long }) => long).join(" ");

function bash(commands: Words[]): string {
  const cases = commands.map(
    (one) => `    ${one.name}) words="${flags(one)} --help"; files=${one.files ? "yes" : "no"} ;;`,
  );
  return `# bash completion of shoebox
_shoebox() {
  local now=\${COMP_WORDS[COMP_CWORD]} command= word words= files=no
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) command=$word; break ;; esac
  done
  case $command in
    "") words="${commands.map(({ name }) => name).join(" ")} --url --json --help" ;;
${cases.join("\n")}
  esac
  COMPREPLY=()
  case $now in
    -*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$now") ;;
    *)
      if [ -z "$command" ]; then mapfile -t COMPREPLY < <(compgen -W "$words" -- "$now")
      elif [ "$files" = yes ]; then mapfile -t COMPREPLY < <(compgen -f -- "$now"); fi ;;
  esac
}
complete -o filenames -F _shoebox shoebox
`;
}

function zsh(commands: Words[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, "\\$&");
  const list = commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`);
  const cases = commands.map(({ name, options, files }) => {
    const specs = options.map(
      ({ long, description, required }) =>
        `'*${long}[${quoted(description)}]${required ? ":value:" : ""}'`,
    );
    return `    ${name}) _arguments ${[...specs, ...(files ? ["'*:file:_files'"] : [])].join(" ")} ;;`;
  });
  return `#compdef shoebox
_shoebox() {
  local -a commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = _shoebox ]; then _shoebox "$@"; else compdef _shoebox shoebox; fi
`;
}

function fish(commands: Words[]): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = commands.flatMap(({ name, about, options, files }) => {
    const here = `__fish_seen_subcommand_from ${name}`;
    return [
      `complete -c shoebox -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...(files ? [] : [`complete -c shoebox -n '${here}' -f`]),
      ...options.map(({ long, description, required }) =>
        [
          `complete -c shoebox -n '${here}' -l ${long?.slice(2)}`,
          ...(required ? ["-r"] : []),
          `-d ${quoted(description)}`,
        ].join(" "),
      ),
    ];
  });
  return `# fish completion of shoebox\n${lines.join("\n")}\n`;
}
