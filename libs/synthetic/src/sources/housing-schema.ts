import { type Migration } from '#database';

/** The housing department's database in the words of the national building-market platform (domain.md §3.8). */
export const housingSource: Migration[] = [
  {
    name: 'housing-source-1',
    up: `
create table qy_jbxx (            -- 企业基本信息
  reg_qyid text primary key,
  qy_name text not null,
  qy_tyshxydm text not null,      -- 统一社会信用代码
  qy_region text not null
);
create unique index qy_jbxx_uscc on qy_jbxx (qy_tyshxydm);
create table qy_bgjl (            -- 企业变更记录：更名、合并
  reg_qyid text not null,
  bg_old_name text not null,
  bg_old_tyshxydm text not null,
  bg_new_name text not null,
  bg_new_tyshxydm text not null,
  bg_date date not null
);
create index qy_bgjl_old on qy_bgjl (bg_old_tyshxydm);
create index qy_bgjl_new on qy_bgjl (bg_new_tyshxydm);
create table qy_gx (              -- 企业关系：分公司、母公司、举办单位
  reg_qyid text not null,
  gx_type text not null check (gx_type in ('分公司', '母公司', '举办单位')),
  gx_name text not null,
  gx_tyshxydm text not null
);
create index qy_gx_unit on qy_gx (reg_qyid);
create index qy_gx_other on qy_gx (gx_tyshxydm);
create table ry_jbxx (            -- 人员基本信息
  ry_id text primary key,
  ry_name text not null,
  idcard_type text not null,      -- 111 居民身份证 414 护照 511 台胞证 516 港澳通行证
  idcard text not null,
  ry_mobile text
);
create index ry_jbxx_idcard on ry_jbxx (idcard);
create table ry_zcxx (            -- 人员注册信息：一个专业一行
  ry_id text not null,
  reg_type text not null,
  reg_type_name text not null,
  reg_certno text not null,
  reg_seal_code text not null,
  reg_prof_name text not null,
  reg_qyid text not null,
  reg_qymc text not null,
  reg_sdate bigint not null,      -- 毫秒
  reg_edate bigint not null,
  reg_state text not null,        -- 1 有效 2 注销 3 失效 4 撤销
  reg_region text not null,
  rn integer not null
);
create index ry_zcxx_person on ry_zcxx (ry_id);
create index ry_zcxx_unit on ry_zcxx (reg_qyid);
create table ry_bljl (            -- 不良行为：撤销注册及禁期
  ry_id text not null,
  punish_number text not null,
  punish_content text not null,
  punish_depart_name text not null,
  punish_date date not null,
  punish_edate date not null
);
create index ry_bljl_person on ry_bljl (ry_id);
create table ry_ysgz (            -- 部下发疑似名单
  idcard text not null,
  ry_name text not null,
  list_no text not null,
  list_date date not null
);
create index ry_ysgz_idcard on ry_ysgz (idcard);
`,
  },
  {
    name: 'housing-source-2',
    up: `
alter table qy_gx drop constraint qy_gx_gx_type_check;
alter table qy_gx add constraint qy_gx_gx_type_check check (gx_type in ('分公司', '母公司', '举办单位', '关联企业'));
`,
  },
];
