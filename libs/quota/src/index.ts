export { createQuota, type DayLeft, type Quota, type QuotaLeft, type QuotaOptions } from './create-quota.js';
export { dayOf } from './day.js';
export { quotaMigrations } from './migrations.js';
export { type QuotaKey, type QuotaLimits, type Reservation } from './reservation.js';
