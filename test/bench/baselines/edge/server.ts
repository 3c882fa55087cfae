import { createPublicKey } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import Fastify, { type FastifyRequest } from 'fastify';
import { loadContracts } from '#contracts';
import { work } from '../../stage/worker.js';
import { SignatureCheck } from '../http-signature.js';

export interface BareEdgeSettings {
  clientKey: string;
  query: string;
}

/** Bare Fastify: one Ed25519 verification, JSON.parse, the contract's own request schema. */
await work(async ({ clientKey, query }: BareEdgeSettings) => {
  const check = new SignatureCheck(createPublicKey(clientKey));
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  const fastify = Fastify();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    verified(check, request, body as Buffer, done);
  });
  const { requestSchema } = loadContracts().find(query);
  fastify.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  fastify.post('/v1/queries/:code', { schema: { body: requestSchema } }, () => ({ query, authorized: true }));
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => fastify.close() };
});

function verified(
  check: SignatureCheck,
  { url, headers }: FastifyRequest,
  body: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    check.verify(url, headers, body);
    done(null, JSON.parse(body.toString()));
  } catch (error) {
    done(error as Error);
  }
}
