import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { proveConsistency } from '#tlog';
import { identifyReader } from '../identify-reader.js';
import { AUDIT, type AuditParts } from '../parts.js';
import { wholeNumber } from './whole-number.js';

/** Proof that a log only grew between two of its sizes (RFC 9162 §2.1.4), for any registered agency: it tells no entry. */
@Controller('v1/consistency')
export class ConsistencyController {
  constructor(@Inject(AUDIT) private readonly audit: AuditParts) {}

  @Get(':agency/:role/:ordinal')
  async prove(
    @Param() { agency, role, ordinal }: { agency: string; role: string; ordinal: string },
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    await identifyReader(this.audit, request);
    const origin = `${agency}/${role}/${ordinal}`;
    const checkpoint = await this.audit.reader.checkpoint(origin);
    if (!checkpoint) throw new Problem('not-found');
    refuseUnknown(query);
    const from = wholeNumber(query['from'], 'from');
    const to = query['to'] === undefined ? checkpoint.size : wholeNumber(query['to'], 'to');
    if (to > checkpoint.size)
      throw new Problem('not-found', { field: 'to', detail: 'beyond the signed tree' });
    if (from < 1 || from > to)
      throw new Problem('schema-invalid', { field: 'from', detail: 'from 1 to `to`' });
    const proof = await proveConsistency(this.audit.reader.tiles(origin), from, to);
    return {
      origin,
      from,
      to,
      proof: proof.map((hash) => hash.toString('base64')),
      checkpoint: checkpoint.note,
    };
  }
}

function refuseUnknown(query: Record<string, unknown>): void {
  const unknown = Object.keys(query).some((name) => name !== 'from' && name !== 'to');
  if (unknown) throw new Problem('schema-invalid', { field: '(unknown)', detail: 'an unknown parameter' });
}
