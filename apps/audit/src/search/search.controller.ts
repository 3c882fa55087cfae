import { Body, Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { DtoBodyPipe, refuseParameters } from '#http';
import { Problem } from '#problem';
import { identifyReader } from '../identify-reader.js';
import { AUDIT, type AuditParts } from '../parts.js';
import { findSubject } from './find-subject.js';
import { SearchDto } from './search.dto.js';

/** Who asked about this person: for the agency whose logs these are, and the auditors that it named. */
@Controller('v1/search')
export class SearchController {
  constructor(@Inject(AUDIT) private readonly audit: AuditParts) {}

  /** The search is an access too: it is recorded, by commitment, before anything of it is told. */
  @Post('subject')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async subject(@Req() request: FastifyRequest, @Body() body: Buffer): Promise<unknown> {
    const { agency, keyId, isOwner, isAuditor } = await identifyReader(this.audit, request, body);
    if (!isOwner && !isAuditor) throw new Problem('not-entitled');
    refuseParameters(request.url);
    const search = new DtoBodyPipe(SearchDto).transform(body);
    const { commitment, hits, more } = await findSubject(this.audit, search);
    await this.audit.access.record({
      at: this.audit.clock(),
      agency: agency.id,
      keyId,
      commitment,
      found: hits.length,
    });
    this.audit.logger.info('searched who asked about a person', { from: agency.id, count: hits.length });
    return { hits, more };
  }
}
