import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ID_TYPES } from '#identifiers';

/** Who is searched for, and in which time. The number is used to compute a commitment and is kept nowhere. */
export class SearchDto {
  /** A person's document, or `uscc` for a unit. */
  @IsIn([...ID_TYPES, 'uscc'])
  idType: string;

  @IsString()
  @MaxLength(64)
  idNumber: string;

  /** Where the time searched begins: a day in China, or a time with its zone. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  from?: string;

  /** Where it ends: a day counts whole, a time is the first moment not searched any more. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  to?: string;
}
