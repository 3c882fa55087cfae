import {
  LogReader,
  parsePublicLine,
  toReceipt,
  type EntryKind,
  type PublicLine,
  type RecordedEntry,
} from '#evidence';
import { type ExchangeState } from '#exchange';
import { type AgencyNode } from '#node';

/** Reads the state of exchanges from the node's own log: there is no second book that could differ from it. */
export class ExchangeStates {
  private readonly reader: LogReader;

  constructor(private readonly node: AgencyNode) {
    this.reader = new LogReader({ database: node.database }, node.log);
  }

  async of(exchange: string): Promise<ExchangeState | undefined> {
    const [intent, outcome] = await Promise.all([
      this.entry(exchange, 'intent'),
      this.entry(exchange, 'outcome'),
    ]);
    const first = intent ?? outcome;
    if (!first) return undefined;
    return {
      exchange,
      ...questionPart(parsePublicLine(first.publicLine)),
      ...closingPart(outcome && parsePublicLine(outcome.publicLine)),
      receipts: {
        ...(intent && { intent: toReceipt(intent) }),
        ...(outcome && { outcome: toReceipt(outcome) }),
      },
    };
  }

  private async entry(exchange: string, kind: EntryKind): Promise<RecordedEntry | undefined> {
    const [first] = await this.reader.receiptsOf(exchange, kind);
    return first;
  }
}

function questionPart({
  query,
  to,
  at,
  deadline,
}: PublicLine): Pick<ExchangeState, 'query' | 'provider' | 'at' | 'deadline'> {
  return {
    ...(query !== undefined && { query }),
    provider: to,
    at,
    ...(deadline !== undefined && { deadline }),
  };
}

function closingPart(outcome: PublicLine | undefined): Pick<ExchangeState, 'state' | 'outcomes' | 'reason'> {
  if (!outcome) return { state: 'asked' };
  const { outcomes, reason } = outcome;
  return { state: 'closed', ...(outcomes && { outcomes }), ...(reason !== undefined && { reason }) };
}
