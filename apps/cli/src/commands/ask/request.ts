import { randomUUID } from 'node:crypto';
import { type Command } from 'commander';
import { type Contract, type PersonSubject, type Purpose, type QueryRequest, type Subject } from '#contracts';
import { Problem } from '#problem';
import { parseJson, readJson } from '../../files/read-input.js';
import { type Io } from '../../io.js';

export interface RequestOptions {
  request?: string;
  subject?: string[];
  purpose?: string;
  campaign?: string;
  case?: string;
  region?: string;
  fields?: string[];
  params?: Record<string, unknown>;
  claim?: Record<string, string>;
  operator?: string;
  deadline?: number;
}

const ID_TYPES: readonly string[] = [
  'citizen-id',
  'permanent-residence',
  'hk-macau-permit',
  'taiwan-permit',
  'passport',
] satisfies PersonSubject['idType'][];

const PARTS = [
  'subject',
  'purpose',
  'campaign',
  'case',
  'region',
  'fields',
  'params',
  'claim',
  'operator',
] as const;

/** The request body from a file or from options; the gateway checks what it says. @throws wrong usage, or Problem */
export async function requestOf(
  io: Io,
  command: Command,
  contract: Contract,
  options: RequestOptions,
): Promise<QueryRequest> {
  if (options.request === undefined) return fromOptions(command, contract, options);
  const given = PARTS.find((part) => options[part] !== undefined);
  if (given) return command.error(`error: --request and --${given} exclude each other`);
  const file = options.request;
  const body =
    file === '-' ? parseJson(Buffer.from(await io.stdin()), '--request') : readJson(file, '--request');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('input-unreadable', { field: '--request', detail: 'not a JSON object' });
  }
  return { requestId: randomUUID(), ...body } as QueryRequest;
}

function fromOptions(command: Command, contract: Contract, options: RequestOptions): QueryRequest {
  const { subject, region, operator, fields, params, claim, deadline } = options;
  if (!subject || region === undefined || operator === undefined) {
    return command.error(
      'error: either --request, or --subject, --purpose, --region and --operator, are wanted',
    );
  }
  return {
    requestId: randomUUID(),
    operatorId: operator,
    purpose: purposeOf(command, options),
    region,
    subjects: subject.map((text) => subjectOf(command, contract, text, claim)),
    ...(fields && { fields }),
    ...(params && { params }),
    ...(deadline !== undefined && { deadlineMs: deadline }),
  };
}

function purposeOf(command: Command, { purpose, campaign, case: caseId }: RequestOptions): Purpose {
  if (purpose === undefined || (campaign === undefined) === (caseId === undefined)) {
    return command.error('error: --purpose with one of --campaign and --case is wanted');
  }
  return campaign === undefined ? { code: purpose, case: caseId! } : { code: purpose, campaign };
}

function subjectOf(
  command: Command,
  { subject }: Contract,
  text: string,
  claims: Record<string, string> | undefined,
): Subject {
  const [id = '', type, ...rest] = text.split(':');
  const said = claims && { claims };
  if (id === '' || rest.length > 0) return command.error('error: --subject is id or id:type');
  if (subject === 'unit') {
    if (type !== undefined)
      command.error('error: this query asks about units: --subject is a USCC without type');
    return { uscc: id, ...said };
  }
  const idType = type ?? 'citizen-id';
  if (!ID_TYPES.includes(idType))
    command.error(`error: the type of --subject is one of ${ID_TYPES.join(', ')}`);
  return { idType: idType as PersonSubject['idType'], idNumber: id, ...said };
}
