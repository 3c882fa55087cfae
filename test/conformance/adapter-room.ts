import { type QueryHandler, type SourceQuestion, type SourceReply } from '#adapter';
import { type Contract, type Contracts, loadContracts, type SubjectKind } from '#contracts';
import { openPool } from '#database';
import { type AskedSubject } from '#exchange';

/** Somebody to ask about; the room gives positions. */
export type Asked = Omit<AskedSubject, 'position'>;

/** What an adapter brings to the suite. */
export interface AdapterHarness {
  /** The agency whose adapter it is, by its id in `contracts/agencies`. */
  agency: string;
  /** Contracts that have this agency; default: those of this checkout. */
  contracts?: Contracts;
  /** A source that is there and loaded. */
  sourceUrl: string;
  /** Opens the adapter's handlers on a source, as the adapter itself does. */
  open: (sourceUrl: string) => { handlers: readonly QueryHandler[]; close: () => Promise<void> };
  /** For each kind of subject that the agency's queries ask about. */
  subjects: Partial<Record<SubjectKind, KnownSubjects>>;
  /** Codes of queries that have something true to say of anybody, known or not. */
  ofAnybody?: readonly string[];
}

export interface KnownSubjects {
  /** At least 20 that the source knows; of some of them every query has something to tell. */
  known: readonly Asked[];
  /** At least 900 that it does not know. */
  unknown: readonly Asked[];
  /** With more than one person behind the number; empty where the source cannot hold such a thing. */
  ambiguous: readonly Asked[];
}

/** One query of the agency with its handler and whom to ask it about. */
export interface Query {
  contract: Contract;
  handler: QueryHandler;
  subjects: KnownSubjects;
  /** What it answers about somebody whom the source does not know. */
  ofUnknown: 'found' | 'none';
}

/** The adapter under test on its source. */
export class AdapterRoom {
  private constructor(
    readonly harness: AdapterHarness,
    readonly handlers: readonly QueryHandler[],
    readonly provided: readonly string[],
    readonly queries: readonly Query[],
    private readonly closeHandlers: () => Promise<void>,
  ) {}

  static open(harness: AdapterHarness): Promise<AdapterRoom> {
    const { contracts = loadContracts() } = harness;
    const agency = contracts.agencies.get(harness.agency);
    if (!agency) throw new Error('the harness names no agency of the contracts');
    const { handlers, close } = harness.open(harness.sourceUrl);
    const queries = handlers.map((handler) => queryOf(harness, contracts.find(handler.query), handler));
    const provided = agency.provides.map((code) => contracts.find(code).id);
    return Promise.resolve(new AdapterRoom(harness, handlers, provided, queries, close));
  }

  /** A pool on the source besides the adapter's own. */
  sourcePool(): ReturnType<typeof openPool> {
    return openPool({ url: this.harness.sourceUrl, name: 'conformance' });
  }

  close(): Promise<void> {
    return this.closeHandlers();
  }
}

/** Asks a query about these, in this order, for all its fields or some. */
export function ask(
  { contract, handler }: Query,
  subjects: readonly Asked[],
  change: Partial<SourceQuestion> = {},
): Promise<SourceReply> {
  return handler.lookUp({
    query: contract.id,
    region: '990100',
    subjects: subjects.map((subject, position) => ({ ...subject, position })),
    fields: new Set(contract.fields.map(({ name }) => name)),
    params: paramsOf(contract),
    signal: AbortSignal.timeout(20_000),
    ...change,
  });
}

/** The findings of a reply, in the order asked. */
export async function findings(reply: Promise<SourceReply>): Promise<unknown[]> {
  const inOrder = [...(await reply).findings].toSorted(([one], [other]) => one - other);
  return inOrder.map(([, finding]) => finding);
}

function queryOf(harness: AdapterHarness, contract: Contract, handler: QueryHandler): Query {
  const subjects = harness.subjects[contract.subject];
  if (!subjects) throw new Error(`the harness has nobody to ask ${contract.code} about`);
  const ofUnknown = harness.ofAnybody?.includes(contract.code) ? 'found' : 'none';
  return { contract, handler, subjects, ofUnknown };
}

/** Months of the synthetic province's last year; nothing else is required by any contract. */
function paramsOf({ requestSchema }: Contract): Record<string, unknown> {
  const schema = requestSchema as {
    properties: { params?: { properties?: Record<string, unknown> } };
  };
  const known = schema.properties.params?.properties ?? {};
  return {
    ...('months' in known && { months: { from: '2025-10', to: '2026-09' } }),
    ...('month' in known && { month: '2026-09' }),
  };
}
