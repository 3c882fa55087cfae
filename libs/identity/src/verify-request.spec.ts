import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { keys, NOW, refused, request, verifyAt, withHeaders } from './request.fixture.js';

describe('time', () => {
  const created = Math.floor(NOW / 1000) * 1000;
  test.each([
    [created - 60_001, 'clock-skew signature-input'],
    [created - 60_000, 'accepted'],
    [created + 60_000, 'accepted'],
    [created + 60_001, 'clock-skew signature-input'],
  ])('at %i a signature of that second is %s', (now, refusal) => {
    expect(refused(request({ keyId: 'tax/http-signature/1', privateKey: keys.tax }), now)).toBe(refusal);
  });
});

describe('who asks', () => {
  test('is the agency of the key, whatever a header says', () => {
    const nonce = Buffer.alloc(16, 7);
    const message = withHeaders(request({ nonce }), {
      'x-requester': 'tax',
      from: 'tax',
      authorization: 'Bearer tax',
    });
    expect({ ...verifyAt(message), sigHash: '' }).toEqual({
      agency: 'housing',
      keyId: 'housing/http-signature/1',
      sigHash: '',
      nonce: nonce.toString('base64url'),
      created: Math.floor(NOW / 1000) * 1000,
    });
  });

  test('a request without body or query is signed and verified too', () => {
    const message = request(
      { method: 'get', url: 'https://10.0.0.1:8443/v1/quotas', body: '' },
      { method: 'GET' },
    );
    expect(Object.keys(message.headers)).toEqual(['host', 'signature-input', 'signature']);
    expect(verifyAt(message).agency).toBe('housing');
  });

  test('the same request gives the same hash, another nonce another', () => {
    const [one, two] = [request(), request()];
    expect(verifyAt(one).sigHash).toEqual(verifyAt(one).sigHash);
    expect(verifyAt(one).sigHash).not.toEqual(verifyAt(two).sigHash);
  });
});

test('whatever arrives is refused with a problem that repeats none of it', () => {
  const name = fc.constantFrom('signature', 'signature-input', 'content-digest', 'content-type', 'host');
  const marked = fc.string().map((text) => `marked${text}`);
  fc.assert(
    fc.property(
      name,
      fc.oneof(
        marked,
        marked.map((text) => [text, text]),
      ),
      fc.string(),
      (field, value, target) => {
        const spoilt = withHeaders(request(), { [field]: value });
        for (const message of [spoilt, request({}, { target: `marked${target}` })]) {
          let problem: unknown;
          try {
            verifyAt(message);
          } catch (error) {
            problem = error;
          }
          expect(problem).toBeInstanceOf(Problem);
          expect(JSON.stringify((problem as Problem).toDocument())).not.toContain('marked');
        }
      },
    ),
  );
});
