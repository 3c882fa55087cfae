import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalKafka, openKafka } from '#local-kafka';
import { agenciesOf, applyAcls, provinceAcls } from '#messaging';
import { type KafkaCommand } from './options.js';
import { rolesOfContracts } from './roles.js';

export interface Served {
  kafka: LocalKafka;
  close(): Promise<void>;
}

/** Starts what the command asks for; its rules are in force when this resolves. Nothing is left behind when it fails. */
export async function serve(
  command: KafkaCommand,
  onCrash: (broker: number, lastLines: string) => void,
): Promise<Served> {
  const dir = command.data ?? (await mkdtemp(join(tmpdir(), 'exchange-gateway-kafka-')));
  const ephemeral = command.data === undefined;
  try {
    const kafka = await start(command, dir, ephemeral, onCrash);
    return { kafka, close: () => kafka.close() };
  } catch (error) {
    if (ephemeral) await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

async function start(
  { brokers, secure, port }: KafkaCommand,
  dir: string,
  ephemeral: boolean,
  onCrash: (broker: number, lastLines: string) => void,
): Promise<LocalKafka> {
  const roles = secure ? rolesOfContracts() : undefined;
  const kafka = await openKafka({
    dir,
    brokers,
    ephemeral,
    onCrash,
    ...(roles && { secure: { users: agenciesOf(roles) } }),
    ...(port !== undefined && { ports: Array.from({ length: brokers }, (_, index) => port + index) }),
  });
  try {
    if (roles) await applyAcls(kafka.access(), agenciesOf(roles), provinceAcls(roles));
    return kafka;
  } catch (error) {
    await kafka.close();
    throw error;
  }
}
