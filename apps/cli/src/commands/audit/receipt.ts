import { Command } from 'commander';
import {
  parsePrivateLine,
  parsePublicLine,
  type PrivateLine,
  type PublicLine,
  type Receipt,
} from '#evidence';
import { type LogTrust } from '#client';
import { Problem } from '#problem';
import { checkReceipt, withoutVerdict, type Vouched } from '../../checks/hits.js';
import { contractsIn } from '../../files/contracts.js';
import { trustOf } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { entryLines, evidenceLines, groundLines } from '../../words/entries.js';
import { listIn, openAudit, withAudit, type AuditOptions } from './audit-options.js';

/** What a node's logs hold of one exchange, each entry with its receipt. */
export function auditReceipt(cli: Cli): Command {
  const command = withAudit(new Command('receipt'))
    .description(
      'what the logs of a node hold of one exchange, with receipts: for its owner with private lines, for the other side those that name it',
    )
    .argument('<exchange>', 'id of the exchange, as an answer or a receipt names it');
  return command.action((exchange: string, options: AuditOptions) => act(cli, command, exchange, options));
}

async function act(cli: Cli, command: Command, exchange: string, options: AuditOptions): Promise<void> {
  const trust = trustOf(command, options);
  const answer = await openAudit(options, cli).getJson(`/v1/receipts/${encodeURIComponent(exchange)}`);
  const receipts = listIn<Receipt>(answer, 'receipts', 'entry');
  const checked = receipts.map((receipt) => trust && vouchedFor(receipt, exchange, trust));
  if (options.json) {
    const verified = checked.flatMap((vouched) => vouched ?? []);
    printJson(cli, { exchange, receipts: receipts.map(withoutVerdict), ...(trust && { verified }) });
  } else printLines(cli, lines(options, exchange, receipts, checked));
  const isNothing = trust !== undefined && receipts.length === 0;
  if (isNothing) cli.err('没有存证条目，无从核验\n');
  if (isNothing || checked.some((vouched) => vouched?.verified === false)) cli.exitCode = 1;
}

function vouchedFor(receipt: Receipt, exchange: string, trust: LogTrust): Vouched {
  const { entry: _entry, kept: _kept, ...vouched } = checkReceipt(receipt, trust, exchange);
  return vouched;
}

function lines(
  { contracts: dir }: AuditOptions,
  exchange: string,
  receipts: readonly Receipt[],
  checked: readonly (Vouched | undefined)[],
): string[] {
  const contracts = contractsIn(dir);
  return [
    `交换 ${exchange}：存证 ${receipts.length} 条`,
    ...receipts.flatMap((receipt, i) => {
      const { entry, kept } = read(receipt);
      return [
        '',
        ...entryLines(contracts, entry),
        ...(kept ? groundLines(contracts, entry, kept) : []),
        ...evidenceLines(entry, checked[i]),
      ];
    }),
  ];
}

/** @throws Problem `input-unreadable` for a receipt whose lines are none */
function read({ entry, private: kept }: Receipt): { entry: PublicLine; kept?: PrivateLine } {
  try {
    return {
      entry: parsePublicLine(Buffer.from(entry)),
      ...(kept !== undefined && { kept: parsePrivateLine(Buffer.from(kept)) }),
    };
  } catch (cause) {
    throw new Problem('input-unreadable', { field: '--audit', detail: 'an entry that is none', cause });
  }
}
