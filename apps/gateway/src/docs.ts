import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance } from 'fastify';
import { projectRoot } from '#config';
import { type Contracts } from '#contracts';
import { readCatalogue } from './docs/catalogue.js';
import { grantsPage } from './docs/grants-page.js';
import { indexPage } from './docs/index-page.js';
import { problemsPage } from './docs/problems-page.js';
import { queryPage } from './docs/query-page.js';
import { tryPage } from './docs/try-page.js';

/** Pages that are only read: no script at all, nothing from elsewhere, no frame around them, no form. */
const READING =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Swagger UI styles its page inline and draws its icons from data URLs; scripts and requests are ours alone. */
const TRYING =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const STATIC: Readonly<Record<string, string>> = {
  'style.css': 'text/css; charset=utf-8',
  'swagger.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'try.js': 'text/javascript; charset=utf-8',
  'sign.js': 'text/javascript; charset=utf-8',
  'labels.js': 'text/javascript; charset=utf-8',
};

interface Document {
  type: string;
  body: string | (() => string);
  policy?: string;
}

/**
 * The documents of this gateway's contracts under `/docs/`, offline: catalogue, a page per query, grants, error codes, a
 * try-it page that signs in the browser, OpenAPI and AsyncAPI. All are made once, at start, but for those that tell which
 * grants are in force: these are made anew when a minute has passed.
 * @throws Problem `registry-invalid` when a query's README does not say what it asks
 */
export async function serveDocs(
  fastify: FastifyInstance,
  contracts: Contracts,
  clock: () => number = Date.now,
): Promise<void> {
  const documents = { ...(await pages(contracts, clock)), ...(await files(contracts)) };
  for (const [path, { type, body, policy = READING }] of Object.entries(documents)) {
    fastify.get(path, (_request, reply) =>
      reply
        .headers({ ...PROTECTION, 'content-security-policy': policy })
        .header('content-type', type)
        .send(typeof body === 'string' ? body : body()),
    );
  }
  fastify.get('/docs', (_request, reply) => reply.redirect('/docs/'));
  await fastify.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    allowedPath: (path) => /^\/swagger-ui(-bundle\.js|\.css)$/.test(path),
    setHeaders: (reply) => void reply.headers(PROTECTION),
    cacheControl: false,
    decorateReply: false,
  });
}

const PROTECTION = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
} as const;

async function pages(contracts: Contracts, clock: () => number): Promise<Record<string, Document>> {
  const entries = await readCatalogue(contracts);
  const page = (body: Document['body'], policy?: string): Document => ({
    type: HTML,
    body,
    ...(policy && { policy }),
  });
  return {
    '/docs/': page(indexPage(contracts, entries)),
    '/docs/grants': page(eachMinute(clock, (at) => grantsPage(contracts, at))),
    '/docs/problems': page(problemsPage()),
    '/docs/try': page(tryPage(), TRYING),
    ...Object.fromEntries(
      entries.map((entry) => [
        `/docs/queries/${entry.name}`,
        page(eachMinute(clock, (at) => queryPage(contracts, entry, at))),
      ]),
    ),
  };
}

/** Made at once, and again by who asks when a minute has passed: anybody may ask, and often. */
function eachMinute(clock: () => number, make: (at: number) => string): () => string {
  const minuteOf = (): number => Math.floor(clock() / 60_000);
  let [minute, made] = [minuteOf(), make(clock())];
  return () => {
    if (minute !== minuteOf()) [minute, made] = [minuteOf(), make(clock())];
    return made;
  };
}

async function files({ root }: Contracts): Promise<Record<string, Document>> {
  const own = join(projectRoot(), 'apps', 'gateway', 'docs-page');
  const sources = [
    ...['openapi.json', 'asyncapi.json'].map(
      (name) => [name, JSON_TYPE, join(root, 'generated', name)] as const,
    ),
    ...Object.entries(STATIC).map(([name, type]) => [name, type, join(own, name)] as const),
  ];
  const read = sources.map(async ([name, type, path]) => [
    `/docs/${name}`,
    { type, body: await readFile(path, 'utf8') },
  ]);
  return Object.fromEntries(await Promise.all(read)) as Record<string, Document>;
}
