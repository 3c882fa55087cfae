import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('ryda')
export class FileEntity {
  @PrimaryColumn('text')
  aac001: string;

  @Column('text')
  cfdw: string;

  @Column('text')
  cflx: string;

  @Column('date')
  cfrq: string;

  @Column('text')
  aab301: string;
}

@Entity('ac01')
export class PersonEntity {
  @PrimaryColumn('text')
  aac001: string;

  @Column('text')
  aaa029: string;

  @Column('text')
  aae135: string;

  @OneToOne(() => FileEntity)
  @JoinColumn({ name: 'aac001', referencedColumnName: 'aac001' })
  file?: FileEntity | null;
}

@Entity('audit')
export class AuditEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column('uuid')
  exchange: string;

  @Column('text')
  kind: string;

  @Column('timestamptz')
  at: Date;

  @Column('jsonb')
  line: object;
}
