import { Command } from 'commander';
import { commands } from './commands/index.js';
import { type Cli } from './io.js';
import { type MakeCommand } from './make-command.js';

/** The whole program. It never ends the process: wrong usage is thrown, after it was told in a line: a page of help would scroll the reason off. */
export function program(cli: Cli): Command {
  const root = new Command('gateway-cli')
    .description('Ask questions, make keys, publish schemes, verify evidence.')
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .configureOutput({ writeOut: (text) => cli.out(text), writeErr: (text) => cli.err(text) });
  for (const item of commands) {
    if (typeof item === 'function') add(root, item, cli);
    else {
      const group = root.command(item.name).description(item.description);
      for (const make of item.commands) add(group, make, cli);
    }
  }
  return root;
}

function add(parent: Command, make: MakeCommand, cli: Cli): void {
  const command = make(cli).copyInheritedSettings(parent).allowExcessArguments(false);
  parent.addCommand(command);
}
