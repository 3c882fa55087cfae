import { type KafkaOptions, Transport } from '@nestjs/microservices';
import { logLevel } from 'kafkajs';
import { DataSource } from 'typeorm';
import { AuditEntity } from './entities.js';

export const PATTERN = 'bench.stock.question';
export const PARTITIONS = 4;

export interface StockSettings {
  brokers: string[];
  databaseUrl: string;
}

export interface StockProviderSettings extends StockSettings {
  sourceUrl: string;
}

/** As Nest's documentation has it; the partitions concurrently, or its handlers would be asked one after the other. */
export function kafkaOptions({ brokers }: StockSettings, name: string): Required<KafkaOptions> {
  return {
    transport: Transport.KAFKA,
    options: {
      client: { clientId: name, brokers, logLevel: logLevel.NOTHING },
      consumer: { groupId: name, maxWaitTimeInMs: 300 },
      run: { partitionsConsumedConcurrently: PARTITIONS },
      producer: { allowAutoTopicCreation: false },
      send: { acks: 1 },
    },
  };
}

/** The audit rows of one side; the table is made when it is missing. */
export function auditSource({ databaseUrl }: StockSettings): Promise<DataSource> {
  const source = new DataSource({
    ...{ type: 'postgres', url: databaseUrl, entities: [AuditEntity], synchronize: true, extra: { max: 16 } },
  });
  return source.initialize();
}
