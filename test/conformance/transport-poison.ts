import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { DEAD_HEADER, HEADER, topics, type WireMessage } from '#messaging';

import { echo, eventually, problemOf, question, text, type InRoom } from './transport-room.js';

/** A synthetic person: what must never stand in a dead letter. */
const PERSON = '990101199001011234';
const KEY = '00000000-0000-4000-8000-000000000002';

const bytesOf = (message: WireMessage) =>
  [message.key, ...Object.entries(message.headers).flat(), text(message)].join('\n');

export function poisonCases(room: InRoom): void {
  const dead = async () => room().recorded(topics.deadLetter(room().request));

  describe('poison', () => {
    test('a message that cannot be read becomes a dead letter of code and hash, and its partition moves on', async () => {
      const server = await room().serve(echo);
      const value = Buffer.from(`{"id":"${PERSON}"}`);
      const everywhere = Object.fromEntries(Object.values(HEADER).map((name) => [name, PERSON]));
      await room().broker.publish(room().request, [
        {
          key: PERSON,
          headers: { ...everywhere, [PERSON]: PERSON, [HEADER.version]: '2' },
          value,
          partition: 5,
        },
      ]);
      await eventually(() => server.counts.dead === 1);
      const [letter, ...others] = await dead();
      expect(others).toEqual([]);
      expect(bytesOf(letter!)).not.toContain(PERSON);
      expect(letter).toEqual({
        key: room().request,
        headers: {
          [HEADER.version]: '2',
          [DEAD_HEADER.topic]: room().request,
          [DEAD_HEADER.partition]: '5',
          [DEAD_HEADER.offset]: '0',
          [DEAD_HEADER.problem]: 'envelope-version',
          [DEAD_HEADER.code]: '6000',
          [DEAD_HEADER.field]: HEADER.version,
          [DEAD_HEADER.sha256]: createHash('sha256').update(value).digest('hex'),
          [DEAD_HEADER.bytes]: String(value.byteLength),
          [DEAD_HEADER.at]: expect.stringMatching(/Z$/),
        },
        value: new Uint8Array(0),
      });
      expect(room().reports).toEqual([
        { step: 'dead-letter', topic: room().request, problem: 'envelope-version', code: 6000 },
      ]);
    });

    test('poison in a partition does not hold up the question behind it', async () => {
      await room().serve(echo);
      const client = await room().client();
      const { headers, value } = question('poison');
      const missing = { ...headers };
      delete missing[HEADER.deadline];
      await room().broker.publish(room().request, [{ key: KEY, headers: missing, value }]);
      expect(text(await room().ask(client, question('behind', 2_000, KEY)))).toBe('behind');
      expect((await dead()).map((letter) => letter.headers[DEAD_HEADER.field])).toEqual([HEADER.deadline]);
    });

    test.each([
      ['TypeError', () => (undefined as unknown as { rows: string[] }).rows.length],
      ['SyntaxError', () => JSON.parse(`{"id": ${PERSON}`) as unknown],
      ['rejected promise', () => Promise.reject(new RangeError(`line\n    at ${PERSON}`))],
      ['thrown text', () => Promise.reject(PERSON as unknown as Error)],
      ['result that is no message', () => ({ id: PERSON })],
      [
        'reply with a malformed header',
        () => ({ key: 'k', headers: { [HEADER.time]: PERSON }, value: new Uint8Array(0) }),
      ],
    ])(
      'a handler’s %s is a dead letter and `internal` for the asker, and the consumer goes on',
      async (_, fail) => {
        const server = await room().serve((message, context) =>
          text(message) === PERSON ? fail() : echo(message, context),
        );
        const client = await room().client();
        for (const deaths of [1, 2]) {
          expect(await problemOf(room().ask(client, question(PERSON, 2_000, KEY)))).toBe('internal');
          expect(server.counts.dead).toBe(deaths);
          expect(text(await room().ask(client, question('behind', 2_000, KEY)))).toBe('behind');
        }
        const letters = await dead();
        expect(letters.map(({ headers }) => headers[DEAD_HEADER.problem])).toEqual(['internal', 'internal']);
        for (const letter of letters) expect(bytesOf(letter)).not.toContain(PERSON);
        expect(JSON.stringify(room().reports)).not.toContain(PERSON);
        expect(letters[0]?.key).toBe(KEY);
      },
    );

    test('a message that the handler finds forged goes to the dead letter and gets no answer', async () => {
      const server = await room().serve(() => {
        throw new Problem('entry-not-in-log', { detail: PERSON });
      });
      const client = await room().client();
      expect(await problemOf(room().ask(client, question('forged', 200)))).toBe('provider-timeout');
      expect(await room().recorded(room().reply)).toEqual([]);
      expect((await dead()).map(({ headers }) => headers[DEAD_HEADER.code])).toEqual(['6006']);
      expect(server.counts).toMatchObject({ taken: 1, dead: 1, unanswered: 1, refused: 0 });
    });

    test('replies that cannot be read are counted and told once in a while, and the replies behind them arrive', async () => {
      await room().serve(echo);
      const client = await room().client();
      await client.connect();
      const poison = { key: PERSON, headers: {}, value: Buffer.from(PERSON), partition: 0 };
      await room().broker.publish(room().reply, Array<typeof poison>(50).fill(poison));
      expect(text(await room().ask(client, question('behind')))).toBe('behind');
      expect(client.counts).toMatchObject({ malformed: 50, answered: 1 });
      expect(room().reports).toEqual([
        { step: 'reply-malformed', topic: room().reply, problem: 'envelope-version', code: 6000 },
      ]);
    });

    test('a reply to nobody’s question is counted and dropped', async () => {
      await room().serve(echo);
      const client = await room().client();
      const first = await room().ask(client, question('mine'));
      const stranger = { ...first.headers, [HEADER.correlationId]: KEY };
      await room().broker.publish(room().reply, [
        { key: KEY, headers: stranger, value: first.value, partition: 0 },
      ]);
      await eventually(() => client.counts.unknown === 1);
    });
  });
}
