import { Command } from 'commander';
import { verifyAnswer, verifyReceiptBy, type CallAnswer, type ExchangeAnswer, type LogTrust } from '#client';
import { Problem } from '#problem';
import { parseJson, readJson } from '../../files/read-input.js';
import { requireTrust, withTrust, type TrustOptions } from '../../files/trust.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { findingWords, type Finding } from '../../words/findings.js';

interface ReceiptReport {
  valid: boolean;
  exchange?: string;
  log?: { origin: string; index: number; size: number };
  findings: Finding[];
}

/** Checks a receipt, or every exchange of an answer together with what the answer says of it. */
export function verifyReceiptCommand(cli: Cli): Command {
  const command = withTrust(new Command('receipt'))
    .description('check a receipt, or all receipts of an answer printed with --json')
    .argument('<file>', 'receipt or answer as JSON, - for standard input')
    .option('--requester <agency>', 'agency that asked; wanted for an answer')
    .option('--json', 'print as JSON');
  return command.action(
    async (file: string, options: TrustOptions & { requester?: string; json?: boolean }) => {
      const trust = requireTrust(command, options);
      const document = file === '-' ? parseJson(Buffer.from(await cli.stdin()), '-') : readJson(file, 'file');
      const reports = isAnswer(document)
        ? ofAnswer(document, requesterOf(command, options.requester), trust)
        : [ofReceipt(document, trust)];
      if (options.json) printJson(cli, { valid: reports.every(({ valid }) => valid), receipts: reports });
      else printLines(cli, reports.flatMap(lines));
      if (reports.some(({ valid }) => !valid)) cli.exitCode = 1;
    },
  );
}

function isAnswer(document: unknown): document is CallAnswer {
  const { exchanges, query } = (document ?? {}) as Partial<CallAnswer>;
  if (exchanges === undefined) return false;
  const shaped = Array.isArray(exchanges) && exchanges.every(isExchange);
  if (!shaped || typeof query !== 'string') {
    throw new Problem('input-unreadable', { field: 'file', detail: 'neither a receipt nor an answer' });
  }
  return true;
}

/** Enough of its shape to be compared: what is in it is what gets checked. */
function isExchange(value: Partial<ExchangeAnswer> | null): boolean {
  const { results, fields } = value ?? {};
  const hasRecords = (result: { records?: unknown } | null) => Array.isArray(result?.records);
  return typeof fields === 'object' && fields !== null && Array.isArray(results) && results.every(hasRecords);
}

function requesterOf(command: Command, requester: string | undefined): string {
  return requester ?? command.error('error: --requester is wanted to check an answer');
}

function ofAnswer(answer: CallAnswer, requester: string, trust: LogTrust): ReceiptReport[] {
  const reports = verifyAnswer(answer, requester, trust).map(({ verified, exchange, log, findings }) => ({
    valid: verified,
    exchange,
    ...(log && { log }),
    findings,
  }));
  return reports.length > 0 ? reports : [{ valid: false, findings: [{ what: 'receipt-missing' }] }];
}

function ofReceipt(receipt: unknown, trust: LogTrust): ReceiptReport {
  const { valid, findings, entry, checkpoint, index } = verifyReceiptBy(receipt, trust);
  return {
    valid,
    ...(entry && { exchange: entry.exchange }),
    ...(checkpoint &&
      index !== undefined && { log: { origin: checkpoint.origin, index, size: checkpoint.size } }),
    findings,
  };
}

function lines({ valid, exchange = '', log, findings }: ReceiptReport): string[] {
  const place = log ? `，日志 ${log.origin} 第 ${log.index} 条（共 ${log.size} 条）` : '';
  return [
    `${valid ? '核验通过' : '核验不通过'}：交换 ${exchange}${place}`,
    ...findings.map((finding) => `  ${findingWords(finding)}`),
  ];
}
