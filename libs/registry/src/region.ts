/** Whether GB/T 2260 region `outer` is `inner` or lies above it: `990000` covers `990100` covers `990102`. */
export function regionCovers(outer: string, inner: string): boolean {
  return inner.startsWith(significant(outer));
}

/** Province, prefecture and county take two digits each; a trailing `00` means "all below". */
function significant(region: string): string {
  return region.replace(/(00){1,2}$/, '');
}
