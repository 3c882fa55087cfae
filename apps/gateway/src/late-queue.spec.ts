import { describe, expect, test } from '@jest/globals';
import { type RecordedEntry } from '#evidence';
import { type WireMessage } from '#messaging';
import { LateQueue, type Late } from './late-queue.js';
import { type Tried } from './waiting-list.js';

const MIB = 1024 * 1024;
const LATER = 1_000;
const reply = (name: string, bytes = 10, headers: Record<string, string> = {}): WireMessage => ({
  key: name,
  headers: { exchange: 'x', nonce: name, ...headers },
  value: new Uint8Array(bytes),
});

/** An entry cut out of a message that holds more than that. */
function cutOut(message = Buffer.alloc(1_000, 7)): RecordedEntry {
  const [publicLine, privateLine] = [message.subarray(0, 100), message.subarray(100, 200)];
  const [leaf, hash, root] = [
    message.subarray(200, 232),
    message.subarray(232, 264),
    message.subarray(264, 296),
  ];
  const checkpoint = { origin: 'hrss/adapter/0', size: 2, root, note: 'n' };
  return { index: 1, publicLine, privateLine, leaf, path: [hash, hash], checkpoint };
}

const namesOf = ({ replies }: Late): string[] => replies.map(({ headers }) => headers['nonce']!);

/** Tries what waits once, `attempt` on each. */
async function round(
  queue: LateQueue,
  attempt: (late: Late) => Tried | Promise<Tried> = () => 'not-yet',
  now = 0,
): Promise<{ seen: Late[]; over: string[] }> {
  const [seen, over]: [Late[], string[]] = [[], []];
  const attempted = async (late: Late): Promise<Tried> => {
    seen.push({ ...late });
    return attempt(late);
  };
  await queue.round(now, attempted, ({ exchange }) => void over.push(exchange));
  return { seen, over };
}

describe('what comes late', () => {
  test('has one place for each exchange, with a few replies in it', async () => {
    const queue = new LateQueue();
    const taken = Array.from({ length: 6 }, (_, index) => queue.put('x', LATER, reply(String(index))));
    expect(taken).toEqual(['taken', 'taken', 'taken', 'taken', 'crowded', 'crowded']);
    expect([queue.put('y', LATER, reply('other')), queue.size]).toEqual(['taken', 2]);
    const { seen } = await round(queue);
    expect(seen.map((late) => [late.exchange, namesOf(late)])).toEqual([
      ['x', ['0', '1', '2', '3']],
      ['y', ['other']],
    ]);
  });

  test('keeps of a reply what its envelope is, and nothing that a stranger wrote beside it', async () => {
    const queue = new LateQueue();
    const strange = { junk: 'x'.repeat(33 * MIB), traceparent: 'y' };
    expect(queue.put('x', LATER, { ...reply('a', 10, strange), key: 'k'.repeat(33 * MIB) })).toBe('taken');
    const { seen } = await round(queue);
    expect(seen[0]!.replies).toEqual([
      { key: 'x', headers: { exchange: 'x', nonce: 'a' }, value: new Uint8Array(10) },
    ]);
  });

  test('is bounded in bytes, headers included, over all exchanges', () => {
    const queue = new LateQueue();
    expect(queue.put('a', LATER, reply('1', 1, { from: 'x'.repeat(14 * MIB) }))).toBe('taken');
    expect(queue.put('a', LATER, reply('2', 11 * MIB))).toBe('full');
    expect(queue.put('b', LATER, reply('3', 11 * MIB))).toBe('full');
    expect(queue.put('b', LATER, reply('4', 9 * MIB))).toBe('taken');
  });

  test('and is not verified never takes the room of what is, in bytes or in places', () => {
    const heavy = new LateQueue();
    const taken = Array.from({ length: 9 }, (_, at) =>
      heavy.put(String(at), LATER, reply('forged', 4 * MIB)),
    );
    expect(taken.at(-1)).toBe('full');
    expect(heavy.putVerified('y', LATER, cutOut())).toBe(true);
    const many = new LateQueue();
    for (let at = 0; at < 10_000; at += 1) many.put(String(at), LATER, reply('forged', 1));
    expect(many.put('x', LATER, reply('forged', 1))).toBe('full');
    expect([many.putVerified('0', LATER, cutOut()), many.putVerified('y', LATER, cutOut())]).toEqual([
      true,
      true,
    ]);
  });

  test('is light once it is verified: no reply, and nothing of the message around the entry', async () => {
    const queue = new LateQueue();
    const message = Buffer.alloc(1_000, 7);
    const wanted = cutOut(Buffer.from(message));
    queue.put('x', LATER, reply('a', 23 * MIB));
    const { seen } = await round(queue, (late) => {
      queue.verified(late, cutOut(message));
      message.fill(0);
      return 'not-yet';
    });
    expect(seen[0]!.replies).toHaveLength(1);
    const [late] = (await round(queue)).seen;
    expect(late).toEqual({ exchange: 'x', entry: wanted, replies: [] });
    expect(late!.entry!.publicLine.buffer.byteLength).toBeLessThan(500);
    expect(queue.put('y', LATER, reply('b', 23 * MIB))).toBe('taken');
  });

  test('and is a copy of what was verified takes no place, whichever came first', async () => {
    const queue = new LateQueue();
    expect(queue.putVerified('x', LATER, cutOut())).toBe(true);
    for (let i = 0; i < 100; i += 1) expect(queue.put('x', LATER, reply(String(i), 31 * MIB))).toBe('taken');
    queue.put('y', LATER, reply('unverified'));
    for (let i = 0; i < 100; i += 1) expect(queue.putVerified('y', LATER, cutOut())).toBe(true);
    const { seen } = await round(queue);
    expect(seen.map(({ entry, replies }) => [entry !== undefined, replies.length])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  test('verified entries count in bytes, too', () => {
    const queue = new LateQueue();
    const heavy = { ...cutOut(), publicLine: Buffer.alloc(20 * MIB) };
    expect([queue.putVerified('x', LATER, heavy), queue.putVerified('y', LATER, heavy)]).toEqual([
      true,
      false,
    ]);
  });

  test('leaves when it is done; what comes to its exchange meanwhile is tried by itself', async () => {
    const queue = new LateQueue();
    queue.put('x', LATER, reply('forged'));
    await round(queue, (late) => {
      queue.refused(late, late.replies[0]!);
      queue.put('x', LATER, reply('true'));
      return 'done';
    });
    const { seen } = await round(queue, (late) => {
      queue.settled(late);
      return 'done';
    });
    expect([seen.map(namesOf), queue.size]).toEqual([[['true']], 0]);
    queue.put('x', LATER, reply('again'));
    expect(queue.size).toBe(1);
  });

  test('is told when its time is over, and its exchange has room again', async () => {
    const queue = new LateQueue();
    queue.put('x', LATER, reply('a'));
    const { seen, over } = await round(queue, undefined, LATER);
    expect([seen, over, queue.size]).toEqual([[], ['x'], 0]);
    expect(queue.put('x', 2 * LATER, reply('b'))).toBe('taken');
  });
});
