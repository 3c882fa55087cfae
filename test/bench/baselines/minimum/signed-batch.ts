import { sign, verify, type KeyObject } from 'node:crypto';
import { type KafkaMessage, type Message } from 'kafkajs';
import { digest } from './protocol.js';

const DIGEST = 32;
const SIGNATURE = 64;
/** The record that goes before the others of a batch: signature, then the digest of each. Records of one partition keep their order. */
const MANIFEST = 'm';

/** One signature for what is sent together: a manifest goes first, and all go to one partition, another for each batch. */
export class BatchSigner {
  private batches = 0;

  constructor(
    private readonly key: KeyObject,
    private readonly partitions: number,
  ) {}

  sealed(messages: Message[]): Message[] {
    const partition = this.batches++ % this.partitions;
    const digests = Buffer.concat(messages.map(({ value }) => digest(value as Buffer)));
    const value = Buffer.concat([sign(null, digests, this.key), digests]);
    return [{ key: MANIFEST, value, partition }, ...messages.map((message) => ({ ...message, partition }))];
  }
}

/** Believes a record when the manifest that went before it in its partition is signed and names it. */
export class BatchVerifier {
  private readonly expected = new Map<number, Buffer>();

  constructor(private readonly key: KeyObject) {}

  /** The record's exchange and bytes; undefined for a manifest. @throws Error for what is not signed */
  read(partition: number, { key, value }: KafkaMessage): { exchange: string; value: Buffer } | undefined {
    const exchange = key!.toString();
    if (exchange === MANIFEST) {
      this.expected.set(partition, this.verified(value!));
      return undefined;
    }
    const digests = this.expected.get(partition);
    if (!digests?.subarray(0, DIGEST).equals(digest(value!))) throw new Error('a record that is not signed');
    this.expected.set(partition, digests.subarray(DIGEST));
    return { exchange, value: value! };
  }

  private verified(manifest: Buffer): Buffer {
    const digests = manifest.subarray(SIGNATURE);
    if (!verify(null, digests, this.key, manifest.subarray(0, SIGNATURE)))
      throw new Error('a batch that is not signed');
    return digests;
  }
}
