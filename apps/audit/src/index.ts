export { auditMigrations } from './migrations.js';
export { startAudit, type AuditOptions, type RunningAudit } from './start-audit.js';
