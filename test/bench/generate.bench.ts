/**
 * A province of any size in flat memory: rows per second and resident memory of the generator alone, table by table, and
 * with `--load` of everything streamed into an embedded PostgreSQL by COPY:
 * `node_modules/.bin/node --conditions=source --import ./scripts/run-sources.mjs test/bench/generate.bench.ts [--load] [persons]`.
 * 2,000,000 persons (default) give some 30 M contributions and 20 M fund payments.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase, startEmbeddedPostgres } from '#database';
import {
  CENTRES,
  fundSource,
  generateProvince,
  housingSource,
  hrssSource,
  loadProvince,
  type ProvinceSource,
} from '#synthetic';

const { values, positionals } = parseArgs({
  options: { load: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const options = { seed: 1, persons: Number(positionals[0] ?? 2_000_000) };
const MB = 1024 * 1024;

/** Highest resident memory of this process while something runs, in MB; looked at every 200 ms. */
async function watched<T>(
  work: () => Promise<T>,
): Promise<{ result: T; seconds: number; from: number; peak: number }> {
  const from = process.memoryUsage.rss() / MB;
  let peak = from;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss() / MB)), 200);
  const started = performance.now();
  try {
    return { result: await work(), seconds: (performance.now() - started) / 1000, from, peak };
  } finally {
    clearInterval(timer);
  }
}

function tell(
  what: string,
  rows: number,
  { seconds, from, peak }: { seconds: number; from: number; peak: number },
) {
  const rate = Math.round(rows / seconds).toLocaleString('en');
  const memory = `RSS ${from.toFixed(0)} → at most ${peak.toFixed(0)} MB`;
  console.log(
    `${what.padEnd(22)} ${rows.toLocaleString('en').padStart(11)} rows  ${seconds.toFixed(1).padStart(7)} s  ${rate.padStart(9)}/s  ${memory}`,
  );
}

async function generate(): Promise<void> {
  const { housing, hrss, fund } = generateProvince(options);
  const tables = [
    ...[...housing, ...hrss].map((table) => ({ table, name: table.name })),
    ...CENTRES.flatMap((centre) => fund[centre].map((table) => ({ table, name: `${table.name} ${centre}` }))),
  ];
  for (const { table, name } of tables) {
    const measured = await watched(async () => {
      let rows = 0;
      for await (const _ of table.rows()) rows += 1;
      return rows;
    });
    tell(name, measured.result, measured);
  }
}

async function load(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'generate-bench-'));
  await chmod(dir, 0o711); // PostgreSQL may run as another user
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({
    dir: join(dir, 'postgres'),
    settings: { max_wal_size: '4GB' },
  });
  stack.defer(() => postgres.stop());
  const open = async (vocabulary: ProvinceSource['vocabulary'], region: string): Promise<ProvinceSource> => {
    const migrations = { housing: housingSource, hrss: hrssSource, fund: fundSource }[vocabulary];
    const url = await postgres.createDatabase(`${vocabulary}_${region}`);
    const database = await openDatabase({ url, name: 'bench', migrations, pipeline: false });
    stack.defer(() => database.close());
    return { vocabulary, region, database };
  };
  const sources = [await open('housing', '990000'), await open('hrss', '990000')];
  for (const centre of CENTRES) sources.push(await open('fund', centre));
  const measured = await watched(() => loadProvince({ ...options, sources }));
  for (const [name, rows] of Object.entries(measured.result))
    console.log(`  ${name.padEnd(20)} ${rows.toLocaleString('en').padStart(11)}`);
  const rows = Object.values(measured.result).reduce((sum, count) => sum + count, 0);
  tell('all, COPY', rows, measured);
}

await (values.load ? load() : generate());
