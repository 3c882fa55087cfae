import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { work } from '../../stage/worker.js';
import { consumeFromNow, kafkaOf } from '../kafka.js';
import { TurnSender } from '../turn-sender.js';
import { SignatureCheck } from '../http-signature.js';
import { digest, PARTITIONS, REPLIES, REQUESTS, seal, unseal, type GatewaySettings } from './protocol.js';
import { AuditRows } from './rows.js';
import { BatchSigner, BatchVerifier } from './signed-batch.js';

interface Asked {
  requestId: string;
  operatorId: string;
  purpose: object;
  region: string;
  subjects: { idType: string; idNumber: string }[];
}

const DEADLINE_MS = 10_000;

/** The requester's side of the hand-written minimum: one signature checked, intent durable, asked, outcome durable, answered. */
await work(async (settings: GatewaySettings) => {
  const sealKey = Buffer.from(settings.sealKey, 'base64');
  const rows = await AuditRows.open(settings.databaseUrl);
  const kafka = kafkaOf(settings.brokers, 'bench-minimum-gateway');
  const producer = kafka.producer();
  await producer.connect();
  const signer = new BatchSigner(createPrivateKey(settings.privateKey), PARTITIONS);
  const requests = new TurnSender(producer, REQUESTS, (messages) => signer.sealed(messages));
  const verifier = new BatchVerifier(createPublicKey(settings.peerKey));
  const pending = new Map<string, (answer: Buffer) => void>();
  const consumer = await consumeFromNow(kafka, REPLIES, ({ batch }) => {
    for (const message of batch.messages) {
      const read = verifier.read(batch.partition, message);
      if (read) pending.get(read.exchange)?.(read.value);
    }
    return Promise.resolve();
  });

  const check = new SignatureCheck(createPublicKey(settings.clientKey));
  const answer = async (request: IncomingMessage, body: Buffer): Promise<Buffer> => {
    const sigHash = check.verify(request.url!, request.headers, body).toString('base64url');
    const { purpose, region, operatorId, subjects } = JSON.parse(body.toString()) as Asked;
    const exchange = randomUUID();
    const deadline = new Date(Date.now() + DEADLINE_MS).toISOString();
    const line = {
      from: 'housing-990100',
      to: 'hrss-990000',
      query: 'HR-AR-01@1',
      region,
      purpose,
      deadline,
    };
    const bodyHash = digest(body).toString('base64url');
    await rows.add(exchange, 'intent', { ...line, operatorId, sigHash, bodyHash, subjects: subjects.length });
    const question = { ...line, exchange, requester: line.from, idNumber: subjects[0]!.idNumber };
    const replied = new Promise<Buffer>((resolve) => pending.set(exchange, resolve));
    requests.send({ key: exchange, value: seal(sealKey, exchange, question) });
    const sealed = await replied;
    pending.delete(exchange);
    const told = unseal<object>(sealKey, exchange, sealed);
    await rows.add(exchange, 'outcome', { ...line, answer: digest(sealed).toString('base64url'), sigHash });
    return Buffer.from(JSON.stringify({ query: line.query, exchanges: [{ exchange, ...told }] }));
  };

  const server = createServer((request, response) => void serve(request, response, answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await consumer.disconnect();
      await producer.disconnect();
      await rows.close();
    },
  };
});

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: IncomingMessage, body: Buffer) => Promise<Buffer>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    const body = await answer(request, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  } catch {
    response.writeHead(401, { 'content-length': 0 }).end();
  }
}
