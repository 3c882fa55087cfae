import { Command, Option } from 'commander';
import { ID_TYPES } from '#identifiers';
import { type PublicLine } from '#evidence';
import { checkTold, withoutVerdict, type Vouched } from '../../checks/hits.js';
import { contractsIn } from '../../files/contracts.js';
import { readText } from '../../files/read-input.js';
import { trustOf } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { endMoment, moment } from '../../options.js';
import { entryLines, evidenceLines, groundLines, type Ground } from '../../words/entries.js';
import { listIn, openAudit, withAudit, type AuditOptions } from './audit-options.js';

interface WhoAskedOptions extends AuditOptions {
  idType: string;
  idFile?: string;
  idStdin?: boolean;
  from?: number;
  to?: number;
}

/** One time that somebody asked about the person, as the audit server tells it. */
interface Hit extends Ground {
  entry: PublicLine;
  receipt?: unknown;
}

/** Who asked about this person, when, on what basis: for the agency whose logs they are, and its auditors. */
export function auditWhoAsked(cli: Cli): Command {
  const command = withAudit(new Command('who-asked'))
    .description(
      'who asked about a person or unit, when, for what purpose and on what basis; the id is read, never given as an argument',
    )
    .addOption(
      new Option('--id-type <type>', 'type of the id').choices([...ID_TYPES, 'uscc']).default('citizen-id'),
    )
    .option('--id-file <file>', 'file that holds the id and nothing else')
    .option('--id-stdin', 'read the id from standard input')
    .option('--from <moment>', 'only from this moment on', moment)
    .option('--to <moment>', 'only before this moment; a day counts whole', endMoment);
  return command.action((options: WhoAskedOptions) => act(cli, command, options));
}

async function act(cli: Cli, command: Command, options: WhoAskedOptions): Promise<void> {
  const trust = trustOf(command, options);
  const server = openAudit(options, cli);
  const idNumber = await idOf(cli, command, options);
  const { idType, from, to } = options;
  const answer = await server.post('/v1/search/subject', {
    ...{ idType, idNumber },
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
  });
  const hits = listIn<Hit>(answer, 'hits', 'entry').map((hit) => ({
    hit,
    vouched: trust && checkTold(hit, trust),
  }));
  const more = (answer as { more?: boolean }).more === true;
  if (options.json)
    printJson(cli, { hits: hits.map(({ hit, vouched }) => ({ ...withoutVerdict(hit), ...vouched })), more });
  else printLines(cli, lines(options, hits, more));
  if (hits.some(({ vouched }) => vouched?.verified === false)) cli.exitCode = 1;
}

/** An id on a command line is seen by whoever may list processes or read the shell's history. */
async function idOf(cli: Cli, command: Command, { idFile, idStdin }: WhoAskedOptions): Promise<string> {
  if ((idFile === undefined) === (idStdin === undefined))
    return command.error('error: one of --id-file and --id-stdin is wanted');
  const id = (idFile === undefined ? await cli.stdin() : readText(idFile, '--id-file')).trim();
  return id === '' ? command.error('error: there is no id to search for') : id;
}

function lines(
  { contracts: dir }: WhoAskedOptions,
  hits: readonly { hit: Hit; vouched: Vouched | undefined }[],
  more: boolean,
): string[] {
  const contracts = contractsIn(dir);
  return [
    hits.length === 0 ? '没有查询记录' : `查询记录 ${hits.length} 条，新的在前`,
    ...hits.flatMap(({ hit, vouched }) => [
      '',
      ...entryLines(contracts, hit.entry, hit.queryTitle),
      ...groundLines(contracts, hit.entry, hit),
      ...evidenceLines(hit.entry, vouched),
    ]),
    ...(more ? ['', `还有更早的记录：加 --to ${hits.at(-1)?.hit.entry.at ?? ''} 续查`] : []),
  ];
}
