import { Command } from 'commander';
import { type Relation } from '../../checks/two-checkpoints.js';
import { type Cli } from '../../io.js';
import { type Finding } from '../../words/findings.js';
import { relationOf, report, withTwoCheckpoints, type RelationOptions } from './relation-options.js';

/** Is B the same log as A, only longer? */
export function verifyConsistencyCommand(cli: Cli): Command {
  const command = withTwoCheckpoints(new Command('consistency')).description(
    'check that checkpoint B extends checkpoint A; different sizes need --tiles',
  );
  return command.action(async (a: string, b: string, options: RelationOptions) => {
    const related = await relationOf(command, a, b, options);
    const findings = [...related.findings, ...against(related)];
    const holds = findings.length === 0;
    report(cli, options, related, { holds, findings, title: holds ? '一致' : '不能证明一致' });
  });
}

function against({ relation, sizes = [0, 0] }: Relation): Finding[] {
  if (relation === 'forked') return [{ what: 'fork' }];
  return sizes[1] < sizes[0] ? [{ what: 'shrunk' }] : [];
}
