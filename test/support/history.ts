import { setTimeout as sleep } from 'node:timers/promises';
import { askMonitor, notMirrored, registryOf } from '#apps/demo';
import { trustRegistry, verifyAnswer, type ExchangeAnswer, type LogTrust } from '#client';
import { readBooks, type Books, type Entry, type Trail, type WithDatabases } from './books.js';
import { type Asked } from './load.js';

/** What a history and the logs say of each other. `faults` is empty when all is well. */
export interface Verdict {
  /** How the calls ended, by name. */
  endings: Record<string, number>;
  /** Exchanges by what the logs hold of them. */
  exchanges: { asked: number; disclosed: number; acknowledged: number };
  /** What is wrong, each with its exchange or request. */
  faults: string[];
  /** Exchanges that the provider disclosed and whose requester recorded neither in time nor later that it came: the monitor's difference, by name. */
  unacknowledged: string[];
  reconciliation: Reconciliation;
}

interface Reconciliation {
  exchanges: number;
  settled: number;
  pending: number;
  difference: number;
}

const NOTHING_CAME = ['unavailable', 'unknown'];
const EVERY_MS = 250;
/**
 * An intent that a killed process left open is closed at most ten seconds after its deadline; what a process before the present
 * one left unread, and a broker had to take late, is acknowledged some seconds after that.
 */
const CLOSED_WITHIN_MS = 30_000;
/** A tail that an outage swallowed is missed at its log's next one, at latest the tick a minute later; then it is pulled. */
const MIRRORED_WITHIN_MS = 90_000;

/**
 * Waits until the monitor has mirrored every log, no exchange is under way any more and what came late is acknowledged, then holds the history against the
 * logs: acknowledged = released = logged = received. All processes have to run. Exchanges that never settle are not waited for
 * longer than their deadline and the sweep after it allow; they are faults.
 * @param known exchanges that an earlier verdict found unacknowledged: they are not waited for
 */
export async function settled(
  province: WithDatabases,
  history: readonly Asked[],
  known: readonly string[] = [],
): Promise<Verdict> {
  const last = Math.max(0, ...history.map(({ begun, ms, deadlineMs }) => begun + Math.max(ms, deadlineMs)));
  const until = Math.max(last, Date.now()) + CLOSED_WITHIN_MS;
  const behind = await notMirrored(province, MIRRORED_WITHIN_MS);
  const { reconciliation, books } = await atRest(province, until, known);
  const trust = trustRegistry(registryOf(province));
  const trails = [...books.values()];
  const unacknowledged = unacknowledgedIn(books);
  const faults = [
    ...behind.map(({ origin, held, size }) => `the monitor has mirrored ${held} of ${size} of ${origin}`),
    ...faultsOfBooks(books),
    ...faultsOfHistory(books, history, trust),
    ...faultsOfTotals(books, reconciliation, unacknowledged.length),
  ];
  const exchanges = {
    asked: trails.filter(({ intents }) => intents.length > 0).length,
    disclosed: trails.filter(({ disclosures }) => disclosures.length > 0).length,
    acknowledged: history.filter(({ answer }) => answer).length,
  };
  return { endings: endings(history), exchanges, faults, unacknowledged, reconciliation };
}

/** How often each way to end occurred. */
export function endings(history: readonly Asked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ending } of history) counts[ending] = (counts[ending] ?? 0) + 1;
  return counts;
}

/** Questions to anybody but these providers, begun in this time, that were not answered within their deadline. */
export function harmed(
  history: readonly Asked[],
  { except, from = 0, to = Infinity }: { except: readonly string[]; from?: number; to?: number },
): Asked[] {
  const others = history.filter(
    ({ provider, begun }) => !except.includes(provider) && begun >= from && begun <= to,
  );
  if (others.length === 0) throw new Error('nobody asked anybody else meanwhile');
  return others.filter(({ ending, ms, deadlineMs }) => ending !== 'answered' || ms > deadlineMs);
}

async function atRest(
  province: WithDatabases,
  until: number,
  known: readonly string[],
): Promise<{ reconciliation: Reconciliation; books: Books }> {
  for (;;) {
    const reconciliation = await reconciled(province);
    const over = Date.now() > until;
    if (over || reconciliation.pending + reconciliation.difference <= known.length) {
      const books = await readBooks(province);
      const isKnown = (exchange: string): boolean => known.includes(exchange);
      if (over || unacknowledgedIn(books).every(isKnown)) return { reconciliation, books };
    }
    await sleep(EVERY_MS);
  }
}

async function reconciled(province: WithDatabases): Promise<Reconciliation> {
  const { exchanges, settled, pending, difference } = await askMonitor<Reconciliation>(
    province,
    '/v1/reconciliation',
  );
  return { exchanges, settled, pending, difference };
}

/** What does not reconcile, due or not yet, is what was not acknowledged, and nothing else. */
function faultsOfTotals(
  books: Books,
  { exchanges, pending, difference }: Reconciliation,
  unacknowledged: number,
): string[] {
  const open = pending + difference;
  return [
    ...(open === unacknowledged ? [] : [`the monitor finds ${open} exchanges wrong of ${unacknowledged}`]),
    ...(exchanges === books.size ? [] : [`the monitor counts ${exchanges} exchanges of ${books.size}`]),
  ];
}

/** Data, or a refusal, left, and its requester closed the exchange before it came and has not said since that it did. */
export function unacknowledgedIn(books: Books): string[] {
  return [...books]
    .filter(([, { acknowledgements }]) => acknowledgements.length === 0)
    .filter(([, { disclosures, outcomes }]) => disclosures[0] && outcomes[0] && !outcomes[0].line.answer)
    .map(([exchange]) => exchange);
}

/** What the logs hold against each other, whoever was told of it. */
export function faultsOfBooks(books: Books): string[] {
  const leaves = new Set(
    [...books.values()].flatMap(({ disclosures }) => disclosures.map(({ leaf }) => leaf)),
  );
  return [...books].flatMap(([exchange, trail]) =>
    faultsOfTrail(trail, leaves).map((fault) => `${exchange} ${fault}`),
  );
}

function faultsOfTrail(trail: Trail, leaves: ReadonlySet<string>): string[] {
  const twice = Object.entries(trail).filter(([, entries]) => (entries as Entry[]).length > 1);
  const [intent, disclosure, outcome] = [trail.intents[0], trail.disclosures[0], trail.outcomes[0]];
  return [
    ...twice.map(([kind]) => `has two ${kind}`),
    ...(disclosure ? faultsOfDisclosure(disclosure, intent) : []),
    ...(intent && !outcome ? ['was asked and never closed'] : []),
    ...(outcome ? faultsOfOutcome(outcome, intent, disclosure, leaves) : []),
    ...(trail.acknowledgements[0] ? faultsOfAcknowledgement(trail.acknowledgements[0], trail) : []),
  ];
}

/** It says that the disclosure came, once the outcome had said that nothing did, and that its asker got nothing of it. */
function faultsOfAcknowledgement({ line }: Entry, { intents, disclosures, outcomes }: Trail): string[] {
  const [intent, disclosure, outcome] = [intents[0], disclosures[0], outcomes[0]];
  const isNothing = Object.keys(line.outcomes ?? {}).every((word) => NOTHING_CAME.includes(word));
  return [
    ...(line.answer === disclosure?.leaf ? [] : ['was acknowledged and never disclosed']),
    ...(line.parent === intent?.leaf ? [] : ['was acknowledged under another intent']),
    ...(outcome && outcome.line.answer === undefined ? [] : ['was acknowledged and had its answer']),
    ...(isNothing ? [] : ['was acknowledged late and given']),
  ];
}

function faultsOfDisclosure({ line }: Entry, intent?: Entry): string[] {
  return [
    ...(intent ? [] : ['was disclosed and never asked']),
    ...(intent && line.parent !== intent.leaf ? ['was disclosed to another intent'] : []),
  ];
}

/** A replay repeats what another exchange disclosed; a refusal of one's own gateway has neither intent nor disclosure. */
function faultsOfOutcome(
  { line }: Entry,
  intent: Entry | undefined,
  disclosure: Entry | undefined,
  leaves: ReadonlySet<string>,
): string[] {
  if (line.replayed) return leaves.has(line.answer ?? '') ? [] : ['repeats what nobody disclosed'];
  return [
    ...(line.parent === intent?.leaf ? [] : ['was closed under another intent']),
    ...(line.answer === undefined || line.answer === disclosure?.leaf
      ? []
      : ['was received and never disclosed']),
  ];
}

/** What the askers were told and the logs do not bear out. */
export function faultsOfHistory(books: Books, history: readonly Asked[], trust: LogTrust): string[] {
  const seen = new Set<string>();
  return history.flatMap((asked) => {
    const exchanges = exchangesOf(asked);
    const again = exchanges.filter(({ exchange }) => seen.has(exchange));
    for (const { exchange } of exchanges) seen.add(exchange);
    return [
      ...again.map(({ exchange }) => `${exchange} answered two requests`),
      ...(asked.answer ? faultsOfReceipts(asked, trust) : []),
      ...exchanges.flatMap((told) => faultsOfTold(books, told).map((fault) => `${told.exchange} ${fault}`)),
    ];
  });
}

function exchangesOf({ answer, refusal }: Asked): readonly ExchangeAnswer[] {
  return answer?.exchanges ?? (refusal?.['exchanges'] as ExchangeAnswer[] | undefined) ?? [];
}

/** Receipts hold against the registered keys, and the values are those that the provider's log commits to. */
function faultsOfReceipts({ answer, requester }: Asked, trust: LogTrust): string[] {
  return verifyAnswer(answer!, requester, trust)
    .filter(({ verified }) => !verified)
    .map(({ exchange, findings }) => `${exchange} ${findings.map(({ what }) => what).join(', ')}`);
}

/** Whatever was told stands in both logs: an answer as the very entry that its receipt shows, a failure with its code. */
function faultsOfTold(books: Books, { exchange, provider, receipt, reason }: ExchangeAnswer): string[] {
  const trail = books.get(exchange);
  if (!trail) return ['was told and never recorded'];
  const [disclosure, outcome] = [trail.disclosures[0], trail.outcomes[0]];
  if (!outcome) return ['was told before its outcome was recorded'];
  return [
    ...(outcome.line.reason === reason ? [] : ['was recorded with another reason']),
    ...(receipt ? faultsOfReceipt(provider, receipt.entry, disclosure) : []),
  ];
}

function faultsOfReceipt(provider: string, entry: string, disclosure: Entry | undefined): string[] {
  if (!disclosure) return ['has a receipt and no disclosure'];
  return [
    ...(disclosure.text === entry ? [] : ['has a receipt of another entry']),
    ...(disclosure.origin.startsWith(`${provider}/adapter/`) ? [] : ['was disclosed by another agency']),
  ];
}
