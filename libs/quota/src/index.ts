export { createQuota, type Quota, type QuotaLeft, type QuotaOptions } from './create-quota.js';
export { quotaMigrations } from './migrations.js';
export { type QuotaKey, type QuotaLimits, type Reservation } from './reservation.js';
