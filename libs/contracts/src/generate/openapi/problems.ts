import { PROBLEMS } from '#problem';

/** Names of problems that the HTTP interface can answer: 6xxx and 7xxx stay between nodes. */
const NAMES = Object.entries(PROBLEMS).filter(([, { code }]) => code < 6000);

/** One response per HTTP status, telling every code behind it. */
export function problemResponses(): Record<string, object> {
  const statuses = [...new Set(NAMES.map(([, { status }]) => status))].toSorted((a, b) => a - b);
  return Object.fromEntries(statuses.map((status) => [`Problem${status}`, problemResponse(status)]));
}

/** References to all of them, by status. */
export function problemReferences(): Record<string, object> {
  const names = Object.keys(problemResponses());
  return Object.fromEntries(
    names.map((name) => [name.slice('Problem'.length), { $ref: `#/components/responses/${name}` }]),
  );
}

/** RFC 9457, with the catalogue number as `code`. */
export const problemSchema = {
  type: 'object',
  title: '问题说明（RFC 9457）',
  properties: {
    type: { type: 'string', title: '问题类型', pattern: '^urn:exchange-gateway:problem:' },
    title: { type: 'string', title: '中文说明' },
    status: { type: 'integer', title: 'HTTP 状态码' },
    code: { type: 'integer', title: '目录编号', enum: NAMES.map(([, { code }]) => code) },
    detail: { type: 'string', title: '细节，不含请求中的任何值' },
    field: { type: 'string', title: '出错的请求项（JSON Pointer）或头部' },
  },
  required: ['type', 'title', 'status', 'code'],
};

function problemResponse(status: number): object {
  const here = NAMES.filter(([, problem]) => problem.status === status);
  return {
    description: here.map(([name, { code, title }]) => `${code} ${name}：${title}`).join('；'),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(
          here.map(([name, problem]) => [name, { value: exampleOf(name, problem) }]),
        ),
      },
    },
  };
}

function exampleOf(
  name: string,
  { title, status, code }: { title: string; status: number; code: number },
): object {
  return { type: `urn:exchange-gateway:problem:${name}`, title, status, code };
}
