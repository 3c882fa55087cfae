import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Problem } from '#problem';
import { BROKER_NAME } from './broker-properties.js';
import { type Cluster, sharedFiles } from './cluster.js';

const run = promisify(execFile);

const DAYS = 3650;
/** Two quick starts of a JVM cost less than what it would compile. */
const JVM = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];

/**
 * The brokers' key and certificate, made once: self-signed for loopback, and what clients pin (`ca.pem`). keytool makes it,
 * because it comes with the JVM that Kafka needs anyway: Node has no way to make a certificate, OpenSSL need not be there.
 *
 * @throws Problem `transport-unavailable` when keytool fails
 */
export async function makeCertificate(cluster: Cluster, keytool: string): Promise<void> {
  const { keystore, ca } = sharedFiles(cluster);
  if (existsSync(ca)) return;
  await rm(keystore, { force: true });
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', STORE_PASSWORD: cluster.password('keystore') };
  const store = [
    '-keystore',
    keystore,
    '-storetype',
    'PKCS12',
    '-storepass:env',
    'STORE_PASSWORD',
    '-alias',
    'broker',
  ];
  const subject = [
    '-dname',
    BROKER_NAME,
    '-ext',
    'san=dns:localhost,ip:127.0.0.1',
    '-validity',
    String(DAYS),
  ];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1'];
  try {
    await run(keytool, ['-genkeypair', ...store, ...key, ...subject, ...JVM], { env });
    await run(keytool, ['-exportcert', '-rfc', ...store, '-file', `${ca}.new`, ...JVM], { env });
  } catch (cause) {
    throw new Problem('transport-unavailable', {
      detail: 'keytool could not make the brokers’ certificate',
      cause,
    });
  }
  await rename(`${ca}.new`, ca);
}
