import { listOf, runProcess } from '#process';
import { openAudit } from './open-audit.js';

const own = { auditors: { env: 'AUDIT_AUDITORS', schema: { type: 'string', default: '' } } } as const;

await runProcess<{ auditors: string }>(
  'audit',
  own,
  ({ surroundings, settings, http, access, own: { auditors } }) =>
    openAudit({ ...surroundings, settings }, { http, ...access, auditors: listOf(auditors) }),
);
