import { type Command } from 'commander';
import { type Cli } from './io.js';

/** Makes one command; options, usage and action stand together in its file. */
export type MakeCommand = (cli: Cli) => Command;

/** A word before a command's own, as `keys` in `keys make`. */
export interface Group {
  name: string;
  description: string;
  commands: readonly MakeCommand[];
}
