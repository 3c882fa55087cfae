import { citizenIdCheckDigit, organisationCodeCheckDigit, usccCheckDigit } from '#identifiers';

/** Nobody: region prefix 99 is no province, the phone's prefix 10x is no mobile network's. */
export interface SyntheticPerson {
  idType: 'citizen-id';
  idNumber: string;
  name: string;
  phone: string;
}

export interface SyntheticUnit {
  uscc: string;
  name: string;
  region: string;
}

const REGIONS = ['990101', '990102', '990201'];
/** Birth dates run over this many days from 1965-01-01, so all are adults and none is retired by age. */
const BIRTH_DAYS = 13_000;
const SURNAMES = ['测', '欧阳', '试', '𠮷', '样'];
const GIVEN = ['一', '二三', '四', '五六', '七八九'];

/** A person with a valid 18-digit id; another seed (0 … 38,000,000) is another person. */
export function person(seed: number): SyntheticPerson {
  const region = pick(REGIONS, seed);
  const birth = new Date(Date.UTC(1965, 0, 1 + (Math.floor(seed / 3) % BIRTH_DAYS)));
  const date = birth.toISOString().slice(0, 10).replaceAll('-', '');
  const sequence = String(1 + Math.floor(seed / 3 / BIRTH_DAYS)).padStart(3, '0');
  const body = `${region}${date}${sequence}`;
  return {
    idType: 'citizen-id',
    idNumber: `${body}${citizenIdCheckDigit(body)}`,
    name: `${pick(SURNAMES, seed)}${pick(GIVEN, Math.floor(seed / SURNAMES.length))}`,
    phone: `100${String(seed).padStart(8, '0')}`,
  };
}

/** An enterprise with a valid USCC around a valid organisation code; another seed (0 … 999,999) is another unit. */
export function unit(seed: number): SyntheticUnit {
  const region = pick(REGIONS, seed);
  const code = `MA${String(seed).padStart(6, '0')}`;
  const body = `91${region}${code}${organisationCodeCheckDigit(code)}`;
  return { uscc: `${body}${usccCheckDigit(body)}`, name: `测试建设工程第${seed}有限公司`, region };
}

function pick(list: readonly string[], seed: number): string {
  return list[seed % list.length] ?? '';
}
