import { type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { Problem, unknownMember } from '#problem';
import { parseStrictJson } from './strict-json.js';

/**
 * Turns the raw bytes of an administrative request into its DTO and checks it with class-validator. Bytes are parsed here
 * and not in a body parser, because the same bytes are what the request's digest and signature cover.
 */
export class DtoBodyPipe<T extends object> implements PipeTransform<Uint8Array, T> {
  constructor(private readonly dto: Type<T>) {}

  transform(bytes: Uint8Array): T {
    const value = parseStrictJson(bytes ?? Buffer.alloc(0));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Problem('schema-invalid', { field: '', detail: 'an object is wanted' });
    }
    const dto = plainToInstance(this.dto, value);
    const [first] = validateSync(dto, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
    });
    if (first) throw new Problem('schema-invalid', refusal(first));
    return dto;
  }
}

function refusal(error: ValidationError, path = ''): { field: string; detail: string } {
  if (error.constraints && 'whitelistValidation' in error.constraints)
    return { field: path || '/', detail: unknownMember(error.property, membersOf(error.target)) };
  const field = `${path}/${error.property}`;
  const [child] = error.children ?? [];
  if (child) return refusal(child, field);
  return {
    field,
    detail: Object.keys(error.constraints ?? {})
      .sort()
      .join(', '),
  };
}

/** Names that a DTO's class has checks for. */
function membersOf(dto: object | undefined): string[] {
  const checks = getMetadataStorage().getTargetValidationMetadatas(dto!.constructor, '', false, false);
  return [...new Set(checks.map(({ propertyName }) => propertyName))];
}
