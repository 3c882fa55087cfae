import { expect, test } from '@jest/globals';
import { readBooks } from '../support/books.js';
import { ask } from '../support/load.js';
import { ASKER, claimant, eventually, expectSettled, inDatabase, PROVIDER, type Scene } from './scene.js';

/** Longer than a killed member holds its partition, and than the gateway takes to start. */
const DEADLINE_MS = 20_000;

const OPEN = `select origin, exchange from log_entry i where kind = 'intent'
  and not exists (select from log_entry o where o.exchange = i.exchange and o.kind = 'outcome')`;

interface Open {
  origin: string;
  exchange: string;
}

/** A gateway dies while its question is out. */
export function describeGateways({ province, source }: Scene): void {
  test('an answer that comes while the gateway that asked is dead is acknowledged by its next life, and given to nobody', async () => {
    source().set('closed');
    const asking = ask(province(), 'social', { deadlineMs: DEADLINE_MS });
    await claimant(province());
    const [open] = await inDatabase<Open>(province(), ASKER, OPEN);
    const { origin, exchange } = open!;
    const name = origin.replaceAll('/', '.');
    await province().child(name).kill();
    source().set('open');
    const disclosed = "select from log_entry where kind = 'disclosure' and exchange = $1";
    await eventually(async () => (await inDatabase(province(), PROVIDER, disclosed, [exchange]))[0]);
    await province().start(name);
    const asked = await asking;
    await expectSettled(province(), [asked]);
    expect([asked.ending, asked.answer]).toEqual(['provider-timeout', undefined]);
    const trail = (await readBooks(province())).get(exchange)!;
    const said = [...trail.outcomes, ...trail.acknowledgements].map(({ line }) => [line.late, line.outcomes]);
    expect(said).toEqual([
      [undefined, { unknown: 1 }],
      [true, { unknown: 1 }],
    ]);
    expect(trail.acknowledgements[0]!.line.answer).toBe(trail.disclosures[0]!.leaf);
  });
}
