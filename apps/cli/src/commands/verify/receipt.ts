import { Command } from 'commander';
import { verifyAnswer, verifyCall, type CallAnswer, type ExchangeAnswer, type LogTrust } from '#client';
import { Problem } from '#problem';
import { checkReceipt } from '../../checks/hits.js';
import { parseJson, readJson } from '../../files/read-input.js';
import { requireTrust, withTrust, type TrustOptions } from '../../files/trust.js';
import { printable, printJson, printLines, type Cli } from '../../io.js';
import { findingWords, type Finding } from '../../words/findings.js';

interface ReceiptReport {
  valid: boolean;
  exchange?: string;
  log?: { origin: string; index: number; size: number };
  findings: Finding[];
}

interface Report {
  receipts: ReceiptReport[];
  /** What is wrong with what an answer says of the call as a whole. */
  findings: Finding[];
  /** What an answer says that no log vouches for. */
  notCovered?: string[];
}

/** Checks a receipt, or every exchange of an answer together with what the answer says of it. */
export function verifyReceiptCommand(cli: Cli): Command {
  const command = withTrust(new Command('receipt'))
    .description('check a receipt, or all receipts of what `ask` or `audit receipt` printed with --json')
    .argument('<file>', 'receipt, answer or list of receipts as JSON, - for standard input')
    .option('--requester <agency>', 'agency that asked; wanted for an answer')
    .option('--json', 'print as JSON');
  return command.action(
    async (file: string, options: TrustOptions & { requester?: string; json?: boolean }) => {
      const trust = requireTrust(command, options);
      const document = file === '-' ? parseJson(Buffer.from(await cli.stdin()), '-') : readJson(file, 'file');
      const report = isAnswer(document)
        ? ofAnswer(document, requesterOf(command, options.requester), trust)
        : { receipts: ofReceipts(document, trust), findings: [] };
      const valid = report.findings.length === 0 && report.receipts.every((receipt) => receipt.valid);
      if (options.json) printJson(cli, { valid, ...report });
      else print(cli, report);
      if (!valid) cli.exitCode = 1;
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

/** As `audit receipt --json` prints them, all of the exchange that it names, or one by itself. */
function ofReceipts(document: unknown, trust: LogTrust): ReceiptReport[] {
  const { receipts, exchange } = (document ?? {}) as { receipts?: unknown; exchange?: unknown };
  if (!Array.isArray(receipts) || receipts.length === 0) return [ofReceipt(document, trust)];
  const named = typeof exchange === 'string' ? exchange : undefined;
  return receipts.map((receipt) => ofReceipt(receipt, trust, named));
}

function ofAnswer(answer: CallAnswer, requester: string, trust: LogTrust): Report {
  const receipts = verifyAnswer(answer, requester, trust).map(({ verified, exchange, log, findings }) => ({
    valid: verified,
    exchange,
    ...(log && { log }),
    findings,
  }));
  if (receipts.length === 0)
    return { receipts: [{ valid: false, findings: [{ what: 'receipt-missing' }] }], findings: [] };
  const isRefusal = (answer as Partial<CallAnswer>).answer === undefined; // a problem document that lists its exchanges
  // `verified` is what `ask --json` found out when it printed the answer: not the gateway's word, and not believed here
  const { verified: _verified, ...said } = answer as CallAnswer & { verified?: unknown };
  return isRefusal ? { receipts, findings: [] } : { receipts, ...verifyCall(said) };
}

function ofReceipt(receipt: unknown, trust: LogTrust, named?: string): ReceiptReport {
  const { verified, findings, entry, log } = checkReceipt(receipt, trust, named);
  return { valid: verified, ...(entry && { exchange: entry.exchange }), ...(log && { log }), findings };
}

function print(cli: Cli, { receipts, findings, notCovered = [] }: Report): void {
  const whole =
    findings.length > 0
      ? ['核验不通过：整次调用', ...findings.map((finding) => `  ${findingWords(finding)}`)]
      : [];
  printLines(cli, [...receipts.flatMap(lines), ...whole]);
  if (notCovered.length > 0) cli.err(`未涵盖（无日志可核验）：${notCovered.map(printable).join('、')}\n`);
}

function lines({ valid, exchange = '', log, findings }: ReceiptReport): string[] {
  const place = log ? `，日志 ${log.origin} 第 ${log.index} 条（共 ${log.size} 条）` : '';
  return [
    `${valid ? '核验通过' : '核验不通过'}：交换 ${exchange}${place}`,
    ...findings.map((finding) => `  ${findingWords(finding)}`),
  ];
}
