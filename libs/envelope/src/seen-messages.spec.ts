import { describe, expect, test } from '@jest/globals';
import { parsePublicLine } from '#evidence';
import { AT, DEADLINE, province, question, refusal } from './node.fixture.js';
import { LONGEST_LIFE_MS, SeenMessages, type Opened } from './index.js';

const { housing } = province();
const FORGOTTEN = Date.parse(DEADLINE) + LONGEST_LIFE_MS + 1;

function message(
  line: Parameters<typeof question>[1] = {},
): Pick<Opened, 'publicLine' | 'entry' | 'deadline'> {
  const { entry, deadline } = question(housing, line);
  return { entry, deadline, publicLine: parsePublicLine(entry.publicLine) };
}

describe('what has been seen', () => {
  test('is a repeat until ten minutes after its deadline, to be answered the same', () => {
    const seen = new SeenMessages();
    const one = message();
    expect([
      seen.see(one, AT),
      seen.see(one, AT),
      seen.see(one, FORGOTTEN - 1),
      seen.see(one, FORGOTTEN),
    ]).toEqual(['first', 'repeat', 'repeat', 'first']);
  });

  test('refuses another entry for the same exchange of the same log, and takes one of another log', async () => {
    const seen = new SeenMessages();
    const one = message();
    const { exchange } = one.publicLine;
    seen.see(one, AT);
    expect(await refusal(() => seen.see(message({ exchange }), AT))).toBe('envelope-replayed exchange');
    expect(seen.see(message({ exchange, origin: 'housing-9901/gateway/1' }), AT)).toBe('first');
  });

  test('takes no more than it can remember, and forgets the old ones first', async () => {
    const seen = new SeenMessages({ most: 3 });
    const late = message({ exchange: message().publicLine.exchange });
    const messages = [{ ...late, deadline: '2026-06-01T08:09:00.000Z' }, message(), message()];
    for (const each of messages) seen.see(each, AT);
    expect(await refusal(() => seen.see(message(), AT))).toBe('overloaded');
    expect(seen.see(messages[0]!, AT)).toBe('repeat');
    expect(seen.see(message(), FORGOTTEN)).toBe('first');
    expect(seen.size).toBe(2);
    expect(seen.see(messages[0]!, FORGOTTEN)).toBe('repeat');
  });
});
