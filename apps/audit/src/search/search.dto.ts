import { IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { ID_TYPES } from '#identifiers';

/** Who is searched for, and in which time. The number is used to compute a commitment and is kept nowhere. */
export class SearchDto {
  /** A person's document, or `uscc` for a unit. */
  @IsIn([...ID_TYPES, 'uscc'])
  idType: string;

  @IsString()
  @MaxLength(64)
  idNumber: string;

  /** First moment, ISO 8601. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  from?: string;

  /** First moment not searched any more, ISO 8601. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  to?: string;
}
