import { type Migration } from '#database';

/** Calls by idempotency key, so that a repeated request is answered once, by whichever instance it reaches. */
export const callMigrations: Migration[] = [
  {
    name: 'gateway-0001-call',
    up: `
      create table call (
        requester text not null,
        request_id uuid not null,
        call uuid not null,
        body_digest bytea not null,
        answer bytea,              -- AES-256-GCM, absent while in flight
        expires timestamptz not null,
        primary key (requester, request_id)
      );
      create index call_expires on call (expires);
    `,
  },
  {
    name: 'gateway-0002-quota-report',
    up: `
      create table quota_report (
        provider text not null,
        query text not null,
        purpose text not null,
        day date not null,         -- Asia/Shanghai
        day_limit bigint not null,
        used bigint not null,
        at timestamptz not null,
        primary key (provider, query, purpose)
      );
    `,
  },
];
