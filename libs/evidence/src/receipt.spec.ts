import { afterAll, describe, expect, test } from '@jest/globals';
import { Edge, hashLeaf } from '#tlog';
import { draftLines } from './draft.js';
import { closeTestLogs, intent, logIdentity } from './log.fixture.js';
import { signCheckpoint } from './signed-checkpoint.js';
import { toReceipt, verifyReceipt, type RecordedEntry } from './index.js';

const identity = logIdentity('hrss-990100');
const stranger = logIdentity('hrss-990100');

afterAll(closeTestLogs);

function recorded(): RecordedEntry {
  const { publicLine, privateLine } = draftLines(intent(), identity.origin, '2026-03-02T01:00:00.000Z');
  const leaf = hashLeaf(publicLine);
  const others = [1, 2, 3].map((i) => hashLeaf(Buffer.from([i])));
  const { edge, paths } = Edge.empty().extend([...others, leaf]);
  return {
    index: 3,
    publicLine,
    privateLine,
    leaf,
    path: paths[3]!,
    checkpoint: signCheckpoint(identity.signer, edge),
  };
}

describe('a receipt', () => {
  const receipt = toReceipt(recorded());

  test('is text that the key of its log alone verifies', () => {
    const check = verifyReceipt(JSON.parse(JSON.stringify(receipt)), [identity.verifier]);
    expect(check).toMatchObject({ valid: true, findings: [], index: 3, entry: { kind: 'intent' } });
    expect(check.private).toMatchObject({ purpose: { code: 'special-campaign' } });
  });

  test('is valid without its private line', () => {
    const open = toReceipt(recorded(), { withPrivate: false });
    expect(Object.keys(open)).toEqual(['entry', 'proof']);
    expect(verifyReceipt(open, [identity.verifier]).valid).toBe(true);
  });

  test.each([
    ['another key', receipt, [stranger.verifier], ['checkpoint-unverified']],
    ['no key', receipt, [], ['checkpoint-unverified']],
    [
      'one changed letter',
      { ...receipt, entry: receipt.entry.replace('990100', '990200') },
      undefined,
      ['not-included'],
    ],
    [
      'a private line of another entry',
      { ...receipt, private: toReceipt(recorded()).private },
      undefined,
      ['private-line-differs'],
    ],
    [
      'another place',
      { ...receipt, proof: receipt.proof.replace('index 3', 'index 2') },
      undefined,
      ['not-included'],
    ],
    ['a proof that is none', { ...receipt, proof: 'x' }, undefined, ['proof-unreadable']],
    ['an extra member', { ...receipt, more: 1 }, undefined, ['not-a-receipt']],
    ['nothing', null, undefined, ['not-a-receipt']],
    [
      'everything wrong',
      { entry: '{}', private: '{}', proof: receipt.proof },
      [stranger.verifier],
      ['entry-unreadable', 'private-line-unreadable', 'checkpoint-unverified'],
    ],
  ])('with %s reports all that is wrong', (_, wrong, verifiers, findings) => {
    const check = verifyReceipt(wrong, verifiers ?? [identity.verifier]);
    expect(check.findings.map(({ what }) => what)).toEqual(findings);
    expect(check.valid).toBe(false);
  });

  test('of one log does not speak for another whose key is trusted too', () => {
    const other = logIdentity('fund-990100');
    const entry = recorded();
    const edge = Edge.empty().extend([entry.leaf]).edge;
    const moved = toReceipt({ ...entry, index: 0, path: [], checkpoint: signCheckpoint(other.signer, edge) });
    const check = verifyReceipt(moved, [identity.verifier, other.verifier]);
    expect(check.findings).toEqual([{ what: 'other-log' }]);
  });
});
