/** `renga completions SHELL`: made from the commands as they are defined, so that they never fall behind. */
import type { Command } from 'commander';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Context } from '../context.ts';

type Word = { readonly path: readonly string[]; readonly name: string; readonly description: string };

export function runCompletions(context: Context, program: Command, shell: string): void {
  const words = listWords(program, []);
  context.terminal.write(renderCompletions(shell, words));
}

/** Each command and option with the commands that lead to it. */
function listWords(command: Command, path: readonly string[]): readonly Word[] {
  const options = command.options.map((option) => ({
    path,
    name: option.long ?? option.short ?? '',
    description: option.description,
  }));
  const commands = command.commands.flatMap((child) => [
    { path, name: child.name(), description: child.description() },
    ...listWords(child, [...path, child.name()]),
  ]);
  return [...options, ...commands];
}

function renderCompletions(shell: string, words: readonly Word[]): string {
  switch (shell) {
    case 'bash':
      return renderBash(words);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${renderBash(words)}`;
    case 'fish':
      return renderFish(words);
    default:
      throw new OperatorError(
        `There are no completions for ${JSON.stringify(shell)}.`,
        'There are: bash, zsh, fish.',
      );
  }
}

function renderBash(words: readonly Word[]): string {
  const byPath = Map.groupBy(words, ({ path }) => path.join(' '));
  const cases = [...byPath].map(
    ([path, group]) => `    ${JSON.stringify(path)}) words="${group.map(({ name }) => name).join(' ')}" ;;`,
  );
  return `_renga() {
  local word path="" words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _renga renga
`;
}

function renderFish(words: readonly Word[]): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = words.map(({ path, name, description }) => {
    const condition =
      path.length === 0 ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path.at(-1) ?? ''}`;
    const word = name.startsWith('--') ? `-l ${name.slice(2)}` : `-f -a ${name}`;
    return `complete -c renga -n ${quote(condition)} ${word} -d ${quote(description)}`;
  });
  return `${lines.join('\n')}\n`;
}
