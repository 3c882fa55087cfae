import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance } from 'fastify';
import { type Contracts } from '#contracts';

/** Swagger UI styles its page inline and draws its icons from data URLs; scripts are ours alone. */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>查询接口 · 部门数据交换网关</title>
<link rel="stylesheet" href="assets/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="page"></div>
<script src="assets/swagger-ui-bundle.js"></script>
<script src="page.js"></script>
</body>
</html>
`;

const SCRIPT = `window.ui = SwaggerUIBundle({
  url: 'openapi.json', dom_id: '#page', deepLinking: true, docExpansion: 'list', defaultModelsExpandDepth: 0,
});
`;

/** The documents of this gateway's contracts, offline: OpenAPI with its page under `/docs/`, AsyncAPI beside it. */
export async function serveDocs(fastify: FastifyInstance, { root }: Contracts): Promise<void> {
  const generated = (name: string): Promise<string> => readFile(join(root, 'generated', name), 'utf8');
  const [openapi, asyncapi] = await Promise.all([generated('openapi.json'), generated('asyncapi.json')]);
  const files: Record<string, [type: string, body: string]> = {
    '/docs/': ['text/html; charset=utf-8', PAGE],
    '/docs/page.js': ['text/javascript; charset=utf-8', SCRIPT],
    '/docs/openapi.json': ['application/json; charset=utf-8', openapi],
    '/docs/asyncapi.json': ['application/json; charset=utf-8', asyncapi],
  };
  for (const [path, [type, body]] of Object.entries(files)) {
    fastify.get(path, (_request, reply) =>
      reply.header('content-type', type).header('content-security-policy', PAGE_POLICY).send(body),
    );
  }
  fastify.get('/docs', (_request, reply) => reply.redirect('/docs/'));
  await fastify.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    allowedPath: (path) => /^\/swagger-ui(-bundle\.js|\.css)$/.test(path),
    decorateReply: false,
  });
}
