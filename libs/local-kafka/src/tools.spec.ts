import { describe, expect, test } from '@jest/globals';
import { javaSaying, usePrograms } from './programs.fixture.js';
import { findTools } from './tools.js';

const ROOT = { uid: 0 };
const SOMEBODY = { uid: 1000 };
const INSTALL = 'on Debian or Ubuntu: apt-get install openjdk-17-jre-headless maven';

describe('what Kafka is run with', () => {
  const programs = usePrograms();

  test('is named with its package when it is missing and may not be installed', async () => {
    const absent = findTools(['java', 'mvn'], programs.env(), SOMEBODY);
    await expect(absent).rejects.toMatchObject({
      problem: 'transport-unavailable',
      detail: `Apache Kafka needs Java 17 or newer (java), Maven (mvn) on PATH; ${INSTALL}`,
    });
    await programs.add('java', javaSaying('11.0.25'));
    await programs.add('mvn', 'exit 0');
    await expect(findTools(['java', 'mvn'], programs.env(), ROOT)).rejects.toMatchObject({
      detail: `Apache Kafka needs Java 17 or newer (java) on PATH; ${INSTALL}`,
    });
  });

  test('is taken as it is when it is there, and nothing is installed', async () => {
    await programs.add('java', javaSaying('25.0.1'));
    await programs.add('apt-get', 'echo "$@" >> "$PATH/said"');
    expect(await findTools(['java'], programs.env(), ROOT)).toEqual({
      java: 'java',
      keytool: 'keytool',
      mvn: 'mvn',
    });
    expect(await programs.said()).toEqual([]);
  });
});

describe('on Debian, as root', () => {
  const programs = usePrograms();
  const debian = async (aptGet: string) => {
    await programs.add('flock', 'shift; exec "$@"');
    await programs.add('apt-cache', 'test "$2" = openjdk-21-jre-headless');
    await programs.add('apt-get', `test "$1" = --version && exit 0\necho "$@" >> "$PATH/said"\n${aptGet}`);
  };

  test('what is missing is installed, with the Java that the distribution has', async () => {
    const java = `printf '#!/bin/sh\\n%s\\n' "${javaSaying('21.0.4').replaceAll('"', '\\"')}" > "$PATH/java"`;
    const mvn = `printf '#!/bin/sh\\n' > "$PATH/mvn"`;
    await debian(`test "$2" = install || exit 0\n${java}\n${mvn}\nchmod 755 "$PATH/java" "$PATH/mvn"`);
    expect(await findTools(['java', 'mvn'], programs.env(), ROOT)).toMatchObject({
      java: 'java',
      mvn: 'mvn',
    });
    expect(await programs.said()).toEqual([
      '-qq update',
      '-qq install -y --no-install-recommends openjdk-21-jre-headless maven',
    ]);
  });

  test('a failed installation is said in apt-get’s words', async () => {
    await debian('echo "E: no network" >&2; exit 100');
    await expect(findTools(['java'], programs.env(), ROOT)).rejects.toMatchObject({
      problem: 'transport-unavailable',
      detail: 'apt-get update failed: E: no network',
    });
  });

  test('an installation that brings nothing is not taken for one that does', async () => {
    await debian('exit 0');
    await expect(findTools(['java'], programs.env(), ROOT)).rejects.toMatchObject({
      detail: `Apache Kafka needs Java 17 or newer (java) on PATH; ${INSTALL}`,
    });
  });
});
