import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaHarness } from './transport-kafka-harness.js';
import { transportConformance } from './transport.js';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 30;

/** Every case makes 45 partitions, and a broker syncs the files of each: in memory that takes no time. */
async function roomyDir(): Promise<string> {
  const free = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return mkdtemp(join(free > ROOM_BYTES ? MEMORY : tmpdir(), 'transport-kafka-'));
}

transportConformance('Apache Kafka', async () => kafkaHarness(await roomyDir()));
