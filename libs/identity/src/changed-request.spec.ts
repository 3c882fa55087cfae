import { describe, expect, test } from '@jest/globals';
import { body, editInput, refused, request, URL_, withHeaders } from './request.fixture.js';
import { contentDigest, type SignedMessage } from './index.js';

describe('a changed request is refused', () => {
  const digest = { 'content-digest': contentDigest(Buffer.from('{}')) };
  test.each<[string, SignedMessage, string]>([
    [
      'one body byte',
      request({}, { rawBody: Buffer.from(body.replace('5f', '5e')) }),
      'digest-mismatch content-digest',
    ],
    [
      'a body added to none',
      { ...request({ method: 'GET', body: '' }), rawBody: Buffer.from('{}') },
      'signature-invalid content-digest',
    ],
    ['the body taken away', request({}, { rawBody: Buffer.alloc(0) }), 'digest-mismatch content-digest'],
    [
      'body and digest together',
      withHeaders(request({}, { rawBody: Buffer.from('{}') }), digest),
      'signature-invalid signature',
    ],
    ['the method', request({}, { method: 'PUT' }), 'signature-invalid signature'],
    ['the path', request({}, { target: '/v1/queries/HR-SI-02?dry=1' }), 'signature-invalid signature'],
    [
      'the path in another encoding',
      request({}, { target: '/v1/queries/HR%2DSI-01?dry=1' }),
      'signature-invalid signature',
    ],
    ['the query', request({}, { target: '/v1/queries/HR-SI-01?dry=0' }), 'signature-invalid signature'],
    ['the query taken away', request({}, { target: '/v1/queries/HR-SI-01' }), 'signature-invalid signature'],
    [
      'a query added to none',
      {
        ...request({ url: 'https://gateway.housing.example/v1/quotas', body: '' }),
        target: '/v1/quotas?x=1',
      },
      'signature-invalid @query',
    ],
    [
      'the content type',
      withHeaders(request(), { 'content-type': 'text/plain' }),
      'signature-invalid signature',
    ],
    [
      'the addressee, to another gateway',
      withHeaders(request(), { host: 'gateway.tax.example' }),
      'signature-invalid @authority',
    ],
    [
      'the addressee, to another address of ours',
      withHeaders(request(), { host: '10.0.0.1:8443' }),
      'signature-invalid signature',
    ],
    ['the addressee taken away', withHeaders(request(), { host: undefined }), 'signature-invalid @authority'],
    ['a target in absolute form', request({}, { target: URL_ }), 'signature-invalid @path'],
    ['a line break in the path', request({}, { target: '/v1\n"@query": ?' }), 'signature-invalid @path'],
    [
      'the signature of another request',
      withHeaders(request(), { signature: request({ body: '{}' }).headers.signature }),
      'signature-invalid signature',
    ],
    [
      'the creation time',
      editInput((input) => input.replace(/created=(\d+)/, (_, at) => `created=${Number(at) + 1}`)),
      'signature-invalid signature',
    ],
    [
      'the key to that of another agency',
      editInput((input) => input.replace('housing/', 'tax/')),
      'signature-invalid signature',
    ],
  ])('%s', (_what, message, refusal) => {
    expect(refused(message)).toBe(refusal);
  });
});
