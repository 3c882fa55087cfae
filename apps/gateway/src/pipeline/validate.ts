import { createHash, randomUUID } from 'node:crypto';
import {
  requestValidator,
  type Contract,
  type Contracts,
  type PersonSubject,
  type QueryRequest,
  type Subject,
  type UnitSubject,
} from '#contracts';
import { type AskedSubject, type Notice } from '#exchange';
import { parseStrictJson, refuseParameters } from '#http';
import { covers, normalizePersonId, parseUscc, shanghaiDay } from '#identifiers';
import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Asker, type Call, type IncomingQuery } from './call.js';

const DEFAULT_DEADLINE_MS = 10_000;

/** Is it a question we know how to ask? Everything after this step works on normal forms. */
export function validate(gateway: GatewayParts, asker: Asker, incoming: IncomingQuery): Call {
  const { contracts } = gateway.node;
  const contract = contracts.find(incoming.code);
  refuseParameters(incoming.url);
  const request = readRequest(contract, incoming.body);
  checkRegion(gateway, request.region);
  checkPurpose(gateway, request, incoming.receivedAt);
  const notices: Notice[] = [];
  return {
    id: randomUUID(),
    asker,
    contract,
    request,
    bodyDigest: createHash('sha256').update(incoming.body).digest(),
    subjects: request.subjects.map((subject, position) =>
      normalSubject(gateway, contract, subject, position, notices),
    ),
    notices,
    receivedAt: incoming.receivedAt,
    deadline: incoming.receivedAt + (request.deadlineMs ?? DEFAULT_DEADLINE_MS),
    traceparent: incoming.traceparent,
  };
}

function readRequest(contract: Contract, body: Buffer): QueryRequest {
  const request = parseStrictJson(body);
  const problem = requestValidator(contract)(request);
  if (problem) throw problem;
  return request as QueryRequest;
}

function checkPurpose({ node }: GatewayParts, { purpose, region }: QueryRequest, at: number): void {
  const definition = node.contracts.purposes.get(purpose.code);
  if (!definition) throw new Problem('purpose-invalid', { field: '/purpose/code' });
  if (purpose[definition.requires] === undefined) {
    throw new Problem('purpose-missing', { field: `/purpose/${definition.requires}` });
  }
  if (purpose.campaign !== undefined) checkCampaign(node.contracts, purpose.campaign, region, at);
}

function checkCampaign({ campaigns }: Contracts, id: string, region: string, at: number): void {
  const campaign = campaigns.get(id);
  const field = '/purpose/campaign';
  if (!campaign) throw new Problem('purpose-invalid', { field, detail: 'no such campaign' });
  if (!covers(campaign.region, region))
    throw new Problem('purpose-invalid', { field, detail: 'campaign of another region' });
  const day = shanghaiDay(at);
  if (day < campaign.from || day > campaign.to)
    throw new Problem('purpose-invalid', { field, detail: 'campaign is not running' });
}

function checkRegion({ node }: GatewayParts, region: string): void {
  if (!node.contracts.regions.has(region))
    throw new Problem('schema-invalid', { field: '/region', detail: 'unknown region' });
}

function normalSubject(
  gateway: GatewayParts,
  contract: Contract,
  subject: Subject,
  position: number,
  notices: Notice[],
): AskedSubject {
  const { normal, idType, found, field } =
    contract.subject === 'unit'
      ? normalUnit(gateway, subject as UnitSubject, position)
      : normalPerson(gateway, subject as PersonSubject, position);
  notices.push(...found.map((notice) => ({ field, notice })));
  return { position, idType, normal, ...(subject.claims && { claims: subject.claims }) };
}

interface Normal {
  normal: string;
  idType: string;
  found: readonly string[];
  field: string;
}

function normalPerson({ node }: GatewayParts, subject: PersonSubject, position: number): Normal {
  const field = `/subjects/${position}/idNumber`;
  const today = shanghaiDay(node.clock());
  const { normal, notices } = normalizePersonId(subject.idType, subject.idNumber, {
    today,
    synthetic: node.settings.synthetic,
    field,
  });
  return { normal, idType: subject.idType, found: notices, field };
}

function normalUnit({ node }: GatewayParts, subject: UnitSubject, position: number): Normal {
  const field = `/subjects/${position}/uscc`;
  const { normal, notices } = parseUscc(subject.uscc, { synthetic: node.settings.synthetic, field });
  return { normal, idType: 'uscc', found: notices, field };
}
