/* global document, window, location, crypto, fetch, SwaggerUIBundle, matchMedia */
// The try-it page: picks the agency's key, shows Swagger UI, and signs what it sends.
import { readKey, signatureHeaders, whyUnable } from './sign.js';
import { translate } from './labels.js';

/** Headers that the signature makes: a reader does not type them. */
const SIGNED_HEADERS = new Set(['Signature-Input', 'Content-Digest']);
/** The gateway refuses a signature of another minute. */
const CLOCK_TOLERANCE_MS = 30_000;

const element = (id) => document.getElementById(id);
let key;

const unable = await whyUnable();
if (unable) {
  tell(unable, 'warn');
  element('key').disabled = true;
} else {
  element('key').addEventListener('change', pick);
  element('forget').addEventListener('click', forget);
}
followColours();
await show();

async function pick({ target }) {
  const [file] = target.files;
  if (!file) return;
  key = undefined;
  try {
    key = await readKey(await file.text());
    tell(`已载入 ${key.agency} 的密钥 ${key.id}，只在本页内存中。`, 'good', `/docs/grants#${key.agency}`);
  } catch (error) {
    tell(error.message, 'warn');
  }
  target.value = ''; // the same file can be picked again after it was mended
  element('forget').hidden = key === undefined;
}

function forget() {
  key = undefined;
  element('forget').hidden = true;
  tell('密钥已清除。');
  element('key').focus();
}

function tell(text, kind = '', grants) {
  const state = element('key-state');
  state.textContent = text;
  state.className = `notice ${kind}`;
  if (!grants) return;
  const link = document.createElement('a');
  link.href = grants;
  link.textContent = '本部门获得的授权';
  state.append(' ', link);
}

async function show() {
  const sent = Date.now();
  const response = await fetch('/docs/openapi.json', { cache: 'no-store' });
  compareClocks(Date.parse(response.headers.get('date')), sent);
  SwaggerUIBundle({
    spec: withoutSignatures(await response.json()),
    dom_id: '#swagger',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    supportedSubmitMethods: ['get', 'post'],
    validatorUrl: null, // the default asks a server elsewhere
    requestInterceptor: signed,
  });
  translate(element('swagger'));
}

/** The signing parameters and the padlock would ask a person for what the page makes itself. */
function withoutSignatures(document) {
  delete document.security;
  for (const operation of Object.values(document.paths).flatMap(Object.values)) {
    operation.parameters = operation.parameters?.filter(
      ({ $ref = '' }) => !SIGNED_HEADERS.has(document.components.parameters[$ref.split('/').at(-1)]?.name),
    );
  }
  delete document.components.securitySchemes;
  return document;
}

/** Swagger UI waits for this before it sends. */
async function signed(request) {
  if (request.loadSpec) return request;
  const url = new URL(request.url, location.href);
  if (url.origin !== location.origin) return unsent(request, '未发送：只向本网关发送签名请求。');
  if (!key) {
    tell('请先选择密钥文件，再发送。', 'warn');
    element('key').focus();
    return unsent(request, '未发送：请先在页首选择密钥文件。');
  }
  const body = request.body === undefined ? undefined : freshBody(textOf(request.body));
  const headers = await signatureHeaders({ method: request.method, url: url.href, body, key });
  return Object.assign(
    request,
    { url: url.href, headers: { accept: 'application/json', ...headers } },
    body && { body },
  );
}

/** Swagger UI shows why a fetch failed; it breaks when this hook itself throws. */
function unsent(request, message) {
  const userFetch = () => Promise.reject(Object.assign(new Error(message), { name: '' }));
  return Object.assign(request, { userFetch });
}

/** The text as it was typed, with another request id only: parsing it would hide a fault that the gateway names. */
function freshBody(text) {
  if (!element('fresh').checked) return text;
  return text.replace(/("requestId"\s*:\s*")[^"]*"/, (_all, start) => `${start}${crypto.randomUUID()}"`);
}

function textOf(body) {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function compareClocks(server, sent) {
  const ahead = Date.now() < server ? Date.now() - server : sent - server;
  if (Math.abs(ahead) <= CLOCK_TOLERANCE_MS) return;
  const state = element('clock-state');
  state.textContent = `本机时钟比网关${ahead > 0 ? '快' : '慢'}约 ${Math.round(Math.abs(ahead) / 1000)} 秒，签名可能因超出 60 秒而被拒绝（4011），请先校准时钟。`;
  state.hidden = false;
}

/** Swagger UI has dark colours of its own, under a class of the root. */
function followColours() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', follow);
  window.addEventListener('pageshow', follow);
  follow();
}
