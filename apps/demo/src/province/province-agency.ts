/** The agency that keeps the registry and mirrors the logs. */
export const PROVINCE = 'data-990000';
