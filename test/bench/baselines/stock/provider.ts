import 'reflect-metadata';
import { Controller, Inject, Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, type MicroserviceOptions } from '@nestjs/microservices';
import { plainToInstance } from 'class-transformer';
import { DataSource, type Repository } from 'typeorm';
import { work } from '../../stage/worker.js';
import { FileAnswer } from './answer.dto.js';
import { AuditEntity, FileEntity, PersonEntity } from './entities.js';
import { QuestionDto } from './question.dto.js';
import { auditSource, kafkaOptions, PATTERN, type StockProviderSettings } from './settings.js';

const KINDS: Readonly<Record<string, string>> = { '1': 'unit', '2': 'person' };

@Controller()
class QuestionController {
  constructor(
    @Inject('PEOPLE') private readonly people: Repository<PersonEntity>,
    @Inject('AUDIT') private readonly audit: Repository<AuditEntity>,
  ) {}

  @MessagePattern(PATTERN)
  async answer(@Payload() { exchange, requester, ask }: QuestionDto): Promise<object> {
    const { region, purpose, subjects } = ask;
    const where = { aaa029: '01', aae135: subjects[0]!.idNumber };
    const found = await this.people.find({ where, relations: { file: true } });
    const records = found.map(({ file }) => plainToInstance(FileAnswer, recordOf(file ?? undefined, region)));
    const answer = records.length > 0 ? 'found' : 'none';
    const line = {
      from: 'hrss-990000',
      to: requester,
      query: 'HR-AR-01',
      region,
      purpose,
      rows: records.length,
    };
    await this.audit.insert({ exchange, kind: 'disclosure', at: new Date(), line });
    const dataTime = new Date().toISOString();
    return { provider: line.from, dataTime, answer, results: [{ subject: 0, answer, records }] };
  }
}

function recordOf(file: FileEntity | undefined, region: string): object {
  if (!file) return { fileHeld: false, region };
  const { cfdw, cflx, cfrq, aab301 } = file;
  return { fileHeld: true, holderName: cfdw, depositKind: KINDS[cflx], depositDate: cfrq, region: aab301 };
}

await work(async (settings: StockProviderSettings) => {
  const audit = await auditSource(settings);
  const entities = [PersonEntity, FileEntity];
  const source = await new DataSource({
    ...{ type: 'postgres', url: settings.sourceUrl, entities, extra: { max: 16 } },
  }).initialize();
  @Module({
    controllers: [QuestionController],
    providers: [
      { provide: 'PEOPLE', useValue: source.getRepository(PersonEntity) },
      { provide: 'AUDIT', useValue: audit.getRepository(AuditEntity) },
    ],
  })
  class ProviderModule {}
  const options = kafkaOptions(settings, 'bench-stock-provider');
  const service = await NestFactory.createMicroservice<MicroserviceOptions>(ProviderModule, {
    ...options,
    logger: ['error'],
  });
  service.useGlobalPipes(
    new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
  );
  await service.listen();
  return {
    close: async () => {
      await service.close();
      await Promise.all([audit.destroy(), source.destroy()]);
    },
  };
});
