import { generateKeyPairSync } from 'node:crypto';
import {
  bodyHash,
  encodePrivateLine,
  encodePublicLine,
  privHash,
  toReceipt,
  type PublicLine,
  type Receipt,
} from '#evidence';
import {
  Edge,
  formatCheckpoint,
  formatVerifierKey,
  hashLeaf,
  noteSigner,
  noteVerifier,
  signNote,
} from '#tlog';
import { encodeAnswer, type CallAnswer } from '#exchange';

export const ORIGIN = 'hrss-990000/adapter/0';
export const EXCHANGE = '11111111-1111-4111-8111-111111111111';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = noteSigner(ORIGIN, privateKey);
export const verifierKey = formatVerifierKey(noteVerifier(ORIGIN, publicKey));
export const rawKey = noteVerifier(ORIGIN, publicKey).publicKey;

const NONCE = Buffer.alloc(16, 7);
const BODY = {
  answer: 'found' as const,
  bundle: 3,
  dataTime: '2026-05-31T16:00:00.000Z',
  results: [
    {
      subject: 0,
      answer: 'found' as const,
      records: [{ payerName: '测试建设工程有限公司', arrived: true, months: ['2026-01', '2026-02'] }],
    },
  ],
  withheld: [{ field: 'idNumber', reason: 'not-granted' }],
  fields: { payerName: 'plain', arrived: 'plain', months: 'plain' },
  heldBack: 0,
  quota: { perDay: { limit: 100, used: 1 }, resetsIn: 3600 },
};

/** The receipt of a disclosure as the third entry of a log of five, with what a spec changes of it. */
export function receiptOf(change: Partial<PublicLine> = {}): Receipt {
  const privateLine = encodePrivateLine({
    salt: Buffer.alloc(16, 1).toString('base64url'),
    fields: BODY.fields,
    bodyHash: bodyHash(NONCE, encodeAnswer({ ...BODY, source: 'hrss-990000' })).toString('base64url'),
  });
  const publicLine = encodePublicLine({
    v: 1,
    kind: 'disclosure',
    origin: ORIGIN,
    exchange: EXCHANGE,
    at: '2026-06-01T00:00:00.000Z',
    deadline: '2026-06-01T00:00:10.000Z',
    from: 'hrss-990000',
    to: 'housing-990100',
    query: 'HR-SI-01@1',
    region: '990100',
    bundle: 3,
    subjects: 1,
    priv: privHash(privateLine),
    outcomes: { found: 1 },
    rows: 1,
    heldBack: 0,
    ...change,
  });
  const leaves = [0, 1, 2, 3, 4].map((n) => hashLeaf(n === 2 ? publicLine : Buffer.from(`entry ${n}`)));
  const { edge, root, paths } = Edge.empty().extend(leaves);
  const note = signNote(formatCheckpoint({ origin: ORIGIN, size: edge.size, root }), signer);
  return toReceipt({
    index: 2,
    publicLine,
    privateLine,
    leaf: leaves[2]!,
    path: paths[2]!,
    checkpoint: { origin: ORIGIN, size: edge.size, root, note },
  });
}

/** The answer that the receipt is about. */
export function answerWith(receipt: Receipt | undefined): CallAnswer {
  return {
    call: '22222222-2222-4222-8222-222222222222',
    requestId: '33333333-3333-4333-8333-333333333333',
    query: 'HR-SI-01@1',
    answer: 'found',
    exchanges: [
      {
        exchange: EXCHANGE,
        provider: 'hrss-990000',
        ...structuredClone(BODY),
        bodyNonce: NONCE.toString('base64url'),
        ...(receipt && { receipt }),
      },
    ],
  };
}
