import { createPrivateKey, createPublicKey } from 'node:crypto';
import { work } from '../../stage/worker.js';
import { consumeAsGroup, kafkaOf } from '../kafka.js';
import { TurnSender } from '../turn-sender.js';
import { Lookups, type FileRow } from './lookups.js';
import { digest, PARTITIONS, REPLIES, REQUESTS, seal, unseal } from './protocol.js';
import { type MinimumQuestion, type ProviderSettings } from './protocol.js';
import { AuditRows } from './rows.js';
import { BatchSigner, BatchVerifier } from './signed-batch.js';

const KINDS: Readonly<Record<string, string>> = { '1': 'unit', '2': 'person' };

/** The provider's side of the hand-written minimum: batch verified, opened, looked up, disclosure durable, sealed, sent. */
await work(async (settings: ProviderSettings) => {
  const sealKey = Buffer.from(settings.sealKey, 'base64');
  const rows = await AuditRows.open(settings.databaseUrl);
  const lookups = Lookups.open(settings.sourceUrl);
  const kafka = kafkaOf(settings.brokers, 'bench-minimum-provider');
  const producer = kafka.producer();
  await producer.connect();
  const signer = new BatchSigner(createPrivateKey(settings.privateKey), PARTITIONS);
  const replies = new TurnSender(producer, REPLIES, (messages) => signer.sealed(messages));
  const verifier = new BatchVerifier(createPublicKey(settings.peerKey));

  const answer = async (exchange: string, sealed: Buffer): Promise<void> => {
    const question = unseal<MinimumQuestion>(sealKey, exchange, sealed);
    if (question.exchange !== exchange || Date.parse(question.deadline) < Date.now()) return;
    const told = answerOf(question, await lookups.of(question.idNumber));
    const value = seal(sealKey, exchange, told);
    const { idNumber: _idNumber, ...line } = question;
    const bodyHash = digest(value).toString('base64url');
    const parent = digest(sealed).toString('base64url');
    await rows.add(exchange, 'disclosure', {
      ...line,
      parent,
      bodyHash,
      rows: told.results[0]!.records.length,
    });
    replies.send({ key: exchange, value });
  };

  const consumer = await consumeAsGroup(kafka, 'bench.minimum', REQUESTS, ({ batch }) => {
    for (const message of batch.messages) {
      const read = verifier.read(batch.partition, message);
      if (read) void answer(read.exchange, read.value);
    }
    return Promise.resolve();
  });
  return {
    close: async () => {
      await consumer.disconnect();
      await producer.disconnect();
      await lookups.close();
      await rows.close();
    },
  };
});

/** What our own answer says of the person, in the same members. */
function answerOf({ region }: MinimumQuestion, files: readonly FileRow[]) {
  const records = files.map(({ cfdw, cflx, year, aab301 }) => ({
    fileHeld: cfdw !== null,
    ...(cfdw !== null && { holderName: cfdw, depositKind: KINDS[cflx!], depositDate: `${year}-**-**` }),
    region: aab301 ?? region,
  }));
  const answer = records.length > 0 ? 'found' : 'none';
  return {
    provider: 'hrss-990000',
    dataTime: new Date().toISOString(),
    answer,
    results: [{ subject: 0, answer, records }],
  };
}
