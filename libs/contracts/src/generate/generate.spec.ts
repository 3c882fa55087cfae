import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PROBLEMS } from '#problem';
import { loadContracts } from '../load-contracts.js';
import { compileValidator } from '../validators.js';
import { asyncapiDocument } from './asyncapi/document.js';
import { openapiDocument } from './openapi/document.js';
import { answerExample, releasedRecordSchema } from './openapi/released.js';
import { printJson, staleOutputs, writeOutputs } from './output.js';
import { generateTypes } from './types.js';
import { asyncapiFaults, openapiFaults } from './validate.js';

const contracts = loadContracts();
const config = join(contracts.root, 'redocly.yaml');

async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'generate-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('OpenAPI', () => {
  const document = openapiDocument(contracts) as {
    paths: Record<string, object>;
    components: { responses: object };
  };

  test('passes the linter, and a document with a fault in it does not', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'openapi.json');
      writeFileSync(file, printJson(document));
      expect(await openapiFaults(file, config)).toEqual([]);
      writeFileSync(file, printJson({ ...document, paths: { '/v1/queries/X': { post: { summary: 'x' } } } }));
      expect((await openapiFaults(file, config)).join('\n')).toContain('operation-operationId');
    });
  });

  test('has one path per query and every problem that a requester can meet', () => {
    const codes = [...contracts.contracts.values()].map(({ code }) => `/v1/queries/${code}`);
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [...codes, '/v1/exchanges/{id}', '/v1/quotas', '/v1/admin/bundle', '/v1/admin/bundles'].toSorted(),
    );
    const text = JSON.stringify(document.components.responses);
    const missing = Object.entries(PROBLEMS).filter(
      ([name, { code }]) => code < 6000 && !text.includes(`problem:${name}"`),
    );
    expect(missing).toEqual([]);
  });

  test('shows answers that hold nothing about a person in plain, and that fit the released form', () => {
    for (const contract of contracts.contracts.values()) {
      const isReleased = compileValidator(releasedRecordSchema(contract));
      for (const example of contracts.examples.get(contract.id) ?? []) {
        const answer = answerExample(contract, example, contracts.agencies) as {
          exchanges: { provider: string; results: { records: unknown[] }[] }[];
        };
        const [{ provider } = { provider: '' }] = answer.exchanges;
        expect(contracts.agencies.get(provider)?.provides).toContain(contract.code);
        const records = answer.exchanges.flatMap(({ results }) =>
          results.flatMap((result) => result.records),
        );
        expect(records.map(isReleased)).toEqual(records.map(() => undefined));
        expect(JSON.stringify(answer)).not.toMatch(/[0-9]{17}[0-9X]|张测试|李样例|钱示例/);
      }
    }
  });
});

describe('AsyncAPI', () => {
  const document = asyncapiDocument(contracts) as { channels: Record<string, { address: string }> };

  test('passes the parser, and a document with a fault in it does not', async () => {
    expect(await asyncapiFaults(printJson(document))).toEqual([]);
    const broken = {
      ...document,
      operations: { ask: { action: 'shout', channel: { $ref: '#/channels/request' } } },
    };
    expect((await asyncapiFaults(printJson(broken))).join('\n')).toContain('/operations/ask/action');
  });

  test('names every topic, and a dead letter for each that a server reads', () => {
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual([
      'exchange.request.{provider}',
      'exchange.reply.{requester}',
      'log.tail',
      'sharing.bundle',
      'registry',
      'exchange.request.{provider}.dead',
      'log.tail.dead',
      'sharing.bundle.dead',
      'registry.dead',
    ]);
  });
});

describe('generated files', () => {
  test('are the same on every run', async () => {
    expect(await generateTypes(contracts.contracts.values())).toEqual(
      await generateTypes([...contracts.contracts.values()].toReversed()),
    );
  });

  test('are stale when changed, missing or left over, and fresh once written', async () => {
    await inFolder((folder) => {
      const [one, two, old] = ['a.json', 'b.json', 'old.json'].map((name) => ({
        path: `contracts/generated/${name}`,
        text: name,
      }));
      if (!one || !two || !old) throw new Error('three outputs');
      writeOutputs(folder, [one, old]);
      writeFileSync(join(folder, one.path), 'changed');
      expect(staleOutputs(folder, [one, two])).toEqual([one.path, two.path, old.path]);
      writeOutputs(folder, [one, two]);
      expect(staleOutputs(folder, [one, two])).toEqual([]);
    });
  });
});
