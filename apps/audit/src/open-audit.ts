import { createSecretKey } from 'node:crypto';
import { openReader, type ReaderOptions } from '#node';
import { auditMigrations } from './migrations.js';
import { startAudit, type AuditOptions, type RunningAudit } from './start-audit.js';

/** Starts an audit server on a connection of its own to its node's database. @throws Problem as `openReader` */
export function openAudit(
  reader: ReaderOptions,
  options: Pick<AuditOptions, 'http' | 'auditors' | 'authorities' | 'metricsToken'>,
): Promise<RunningAudit> {
  const { agency, synthetic } = reader.settings;
  return openReader('audit', { ...reader, migrations: auditMigrations }, (observer) =>
    startAudit({
      ...observer,
      ...options,
      agency,
      synthetic,
      epochKey: createSecretKey(observer.keys.secret('epoch')),
    }),
  );
}
