import 'reflect-metadata';
import { Body, Controller, HttpCode, Inject, Module, Param, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientKafka, ClientsModule } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { firstValueFrom, timeout } from 'rxjs';
import { DataSource } from 'typeorm';
import { work } from '../../stage/worker.js';
import { AskDto } from './ask.dto.js';
import { AuditEntity } from './entities.js';
import { auditSource, kafkaOptions, PATTERN, type StockSettings } from './settings.js';

const DEADLINE_MS = 10_000;

@Controller('v1/queries')
class QueryController {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject('PROVIDER') private readonly client: ClientKafka,
  ) {}

  async onModuleInit(): Promise<void> {
    this.client.subscribeToResponseOf(PATTERN);
    await this.client.connect();
  }

  @Post(':code')
  @HttpCode(200)
  async ask(@Param('code') code: string, @Body() body: AskDto): Promise<unknown> {
    const exchange = randomUUID();
    const { purpose, region, operatorId, subjects } = body;
    const line = { from: 'housing-990100', to: 'hrss-990000', query: code, region, purpose, operatorId };
    await this.record(exchange, 'intent', { ...line, subjects: subjects.length });
    const question = { key: exchange, value: { exchange, requester: line.from, ask: body } };
    const told = await firstValueFrom(this.client.send<object>(PATTERN, question).pipe(timeout(DEADLINE_MS)));
    await this.record(exchange, 'outcome', line);
    return { query: code, exchanges: [{ exchange, ...told }] };
  }

  private async record(exchange: string, kind: string, line: object): Promise<void> {
    await this.database.getRepository(AuditEntity).insert({ exchange, kind, at: new Date(), line });
  }
}

await work(async (settings: StockSettings) => {
  const database = await auditSource(settings);
  const clients = ClientsModule.register([
    { name: 'PROVIDER', ...kafkaOptions(settings, 'bench-stock-gateway') },
  ]);
  @Module({
    imports: [clients],
    controllers: [QueryController],
    providers: [{ provide: DataSource, useValue: database }],
  })
  class GatewayModule {}
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, new FastifyAdapter(), {
    logger: ['error'],
  });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      await database.destroy();
    },
  };
});
