import { Command } from 'commander';
import { type Relation } from '../../checks/two-checkpoints.js';
import { type Cli } from '../../io.js';
import { type Finding } from '../../words/findings.js';
import { relationOf, report, withTwoCheckpoints, type RelationOptions } from './relation-options.js';

/**
 * Do two signed checkpoints contradict each other? Then together they are the proof that their log forked, for anyone who
 * has its key: exit code 0. Anything else is no such proof: exit code 1.
 */
export function verifyFork(cli: Cli): Command {
  const command = withTwoCheckpoints(new Command('fork')).description(
    'check a proof of a fork: two signed checkpoints that contradict each other; 0 when they do',
  );
  return command.action(async (a: string, b: string, options: RelationOptions) => {
    const related = await relationOf(command, a, b, options);
    const findings = [...related.findings, ...missing(related)];
    const holds = related.verified && related.relation === 'forked';
    report(cli, options, related, { holds, findings, title: holds ? '分叉成立' : '不构成分叉证明' });
  });
}

function missing({ relation }: Relation): Finding[] {
  if (relation === 'same') return [{ what: 'same-checkpoint' }];
  return relation === 'grown' ? [{ what: 'no-fork' }] : [];
}
