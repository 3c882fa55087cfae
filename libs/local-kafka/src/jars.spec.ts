import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kafkaJars } from './jars.js';
import { javaSaying, usePrograms } from './programs.fixture.js';

/** Makes the folder that Maven is asked for with one jar, slowly. */
const MAVEN = `test "$1" = -v && exit 0
echo "$@" >> "$PATH/said"
for arg; do case "$arg" in -DoutputDirectory=*) mkdir -p "\${arg#*=}"; sleep 0.2; echo jar > "\${arg#*=}/kafka.jar";; esac; done`;

describe('Kafka’s jars', () => {
  const programs = usePrograms();
  const cache = () => join(programs.dir(), 'cache');

  test('that Maven cannot bring are a problem in its words, and leave nothing behind', async () => {
    await programs.add('java', javaSaying('17.0.15'));
    await programs.add(
      'mvn',
      'test "$1" = -v && exit 0; mkdir -p half; echo "[ERROR] no such artifact"; exit 1',
    );
    await expect(kafkaJars(cache(), programs.env())).rejects.toMatchObject({
      problem: 'transport-unavailable',
      detail: 'Maven could not bring Apache Kafka’s jars: [ERROR] no such artifact',
    });
    expect(await readdir(cache())).toEqual([]);
  });

  test('are brought once, whole, however many starts want them at the same time', async () => {
    await programs.add('java', javaSaying('17.0.15'));
    await programs.add('mvn', MAVEN);
    const libs = await Promise.all([1, 2, 3].map(() => kafkaJars(cache(), programs.env())));
    expect(new Set(libs).size).toBe(1);
    expect(await readdir(libs[0] as string)).toEqual(['kafka.jar']);
    expect(await readdir(cache())).toHaveLength(1);
    const before = await programs.said();
    expect(await kafkaJars(cache(), programs.env())).toBe(libs[0]);
    expect(await programs.said()).toEqual(before);
  });
});
