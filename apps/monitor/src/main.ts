import { Problem } from '#problem';
import { runProcess } from '#process';
import { openMonitor } from './open-monitor.js';

const own = { auditUrls: { env: 'MONITOR_AUDIT_URLS', schema: { type: 'string', minLength: 2 } } } as const;

await runProcess<{ auditUrls: string }>(
  'monitor',
  own,
  ({ surroundings, settings, http, access, own: { auditUrls } }) =>
    openMonitor({ ...surroundings, settings }, { http, ...access, auditUrls: parseUrls(auditUrls) }),
);

/** `{"hrss-990000": "https://audit.hrss.example"}`: where each agency serves its logs. */
function parseUrls(text: string): Record<string, string> {
  try {
    const urls = JSON.parse(text) as Record<string, string>;
    for (const url of Object.values(urls)) new URL(url);
    return urls;
  } catch {
    throw new Problem('config-invalid', {
      detail: 'MONITOR_AUDIT_URLS is not a JSON object of agency to URL',
    });
  }
}
