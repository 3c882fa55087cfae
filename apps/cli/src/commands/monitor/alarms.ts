import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type LogTrust } from '#client';
import { makeDirectory } from '#registry';
import { withoutVerdict } from '../../checks/hits.js';
import { readCheckpoint } from '../../checks/signed.js';
import { trustOf, withTrust, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { alarmWords } from '../../words/faults.js';
import { findingWords, type Finding } from '../../words/findings.js';
import { timeWords } from '../../words/terms.js';
import { read, withMonitor, type MonitorOptions } from './monitor-options.js';

interface AlarmsOptions extends MonitorOptions, TrustOptions {
  all?: boolean;
  proofs?: string;
}

interface Alarm {
  id: number;
  kind: string;
  origin: string;
  raisedAt: string;
  clearedAt?: string;
  proof: string[];
  reporter?: string;
  detail: Record<string, string | number>;
}

interface Checked {
  alarm: Alarm;
  /** Undefined when no keys were given to check its proof by. */
  findings: Finding[] | undefined;
}

/** What is wrong with the mirrored logs; an open alarm gives exit code 1. */
export function monitorAlarms(cli: Cli): Command {
  const command = withTrust(withMonitor(new Command('alarms')))
    .description('logs that fork, roll back, fall silent or cannot be read; exit code 1 when one is open')
    .option('--all', 'also those that have ended')
    .option('--proofs <dir>', 'write the signed checkpoints into this folder, for `verify fork`');
  return command.action(async (options: AlarmsOptions) => {
    const trust = trustOf(command, options);
    const parameters = { state: options.all ? 'all' : undefined };
    const told = await read<{ alarms: Alarm[] }>(cli, options, {
      ...{ path: '/v1/alarms', member: 'alarms' as const, parameters },
    });
    const files = options.proofs === undefined ? undefined : write(options.proofs, told.alarms);
    const checked = told.alarms.map((alarm) => ({ alarm, findings: trust && doubts(alarm, trust) }));
    if (options.json) printJson(cli, { alarms: checked.map(alarmJson), ...(files && { files }) });
    else printLines(cli, lines(checked, files));
    const open = told.alarms.some(({ clearedAt }) => clearedAt === undefined);
    if (open || checked.some(({ findings }) => findings && findings.length > 0)) cli.exitCode = 1;
  });
}

/** What is wrong with the checkpoints themselves: an alarm is proved by signatures, not by the monitor's word. */
function doubts({ origin, proof }: Alarm, trust: LogTrust): Finding[] {
  return proof.flatMap((note, i) => {
    const path = `${i + 1}`;
    const { checkpoint, findings } = readCheckpoint(note, trust, path);
    const isOther = checkpoint !== undefined && checkpoint.origin !== origin;
    return [...findings, ...(isOther ? [{ what: 'other-log', path }] : [])];
  });
}

/** With what was found out about it here; without keys nothing was, and then there is no such member. */
function alarmJson({ alarm, findings }: Checked): object {
  return { ...withoutVerdict(alarm), ...(findings && { findings }) };
}

function write(dir: string, alarms: readonly Alarm[]): string[] {
  makeDirectory(dir);
  return alarms.flatMap(({ id, proof }) =>
    proof.map((note, i) => {
      const file = join(dir, `${Number(id)}-${i + 1}.checkpoint`);
      writeFileSync(file, note);
      return file;
    }),
  );
}

function lines(checked: readonly Checked[], files: readonly string[] | undefined): string[] {
  return [
    checked.length === 0 ? '没有告警' : `告警 ${checked.length} 个，新的在前`,
    ...checked.flatMap(({ alarm, findings }) => [...alarmLines(alarm), ...proofLines(alarm, findings)]),
    ...(files ?? []).map((file) => `  已写入 ${file}`),
  ];
}

function alarmLines({ id, kind, origin, raisedAt, clearedAt, reporter, detail }: Alarm): string[] {
  const time = `${timeWords(raisedAt)} 起${clearedAt === undefined ? '' : `，${timeWords(clearedAt)} 止`}`;
  const words = Object.entries(detail).map(([name, value]) => `${name} ${value}`);
  return [
    `${id}  ${origin}：${alarmWords(kind)}，${time}`,
    ...(words.length > 0 || reporter !== undefined
      ? [`  ${[...words, ...(reporter === undefined ? [] : [`由 ${reporter} 发现`])].join('，')}`]
      : []),
  ];
}

function proofLines({ proof }: Alarm, findings: readonly Finding[] | undefined): string[] {
  if (proof.length === 0) return [];
  const state =
    findings === undefined ? '签名未核验' : findings.length === 0 ? '签名核验通过' : '签名核验不通过';
  return [
    `  签名检查点 ${proof.length} 个，${state}`,
    ...(findings ?? []).map((finding) => `    ${findingWords(finding)}`),
  ];
}
