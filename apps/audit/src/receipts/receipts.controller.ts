import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { parsePublicLine, toReceipt, type RecordedEntry } from '#evidence';
import { isUuid, refuseParameters } from '#http';
import { Problem } from '#problem';
import { identifyReader } from '../identify-reader.js';
import { AUDIT, type AuditParts } from '../parts.js';

/**
 * Receipts of an exchange: for the owner with the private lines, for the counterpart those that name it, without them. For
 * everyone else the exchange does not exist.
 */
@Controller('v1/receipts')
export class ReceiptsController {
  constructor(@Inject(AUDIT) private readonly audit: AuditParts) {}

  @Get(':exchange')
  async of(@Param('exchange') exchange: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { agency, isOwner } = await identifyReader(this.audit, request);
    refuseParameters(request.url);
    if (!isUuid(exchange)) throw new Problem('not-found');
    const entries = await this.audit.reader.receiptsOf(exchange);
    const visible = isOwner ? entries : entries.filter((entry) => names(entry, agency.id));
    if (visible.length === 0) throw new Problem('not-found');
    return { exchange, receipts: visible.map((entry) => toReceipt(entry, { withPrivate: isOwner })) };
  }
}

function names({ publicLine }: RecordedEntry, agency: string): boolean {
  const { from, to } = parsePublicLine(publicLine, 'log-tampered');
  return from === agency || to === agency;
}
