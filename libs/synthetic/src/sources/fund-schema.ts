import { type Migration } from '#database';

/** One provident-fund centre's database in the names of JGJ/T 320-2014 (domain.md §3.7). Each centre has its own. */
export const fundSource: Migration[] = [
  {
    name: 'fund-source-1',
    up: `
create table dwzhxx (             -- 单位账户信息
  dwzh text primary key,          -- 单位账号
  dwmc text not null,             -- 单位名称
  dwzhzt text not null,           -- 01 正常 04 销户
  tyshxydm text                   -- 统一社会信用代码（扩展项，老账户没有）
);
create index dwzhxx_uscc on dwzhxx (tyshxydm);
create table grzhxx (             -- 个人账户信息
  grzh text primary key,          -- 个人账号
  dwzh text not null,
  xingming text not null,
  zjlx text not null,             -- 01 身份证 03 护照 99 其他
  zjhm text not null,             -- 老账户存 15 位
  sjhm text,
  khrq date not null,
  jzny integer not null,          -- 缴至年月
  grjcjs numeric(10, 2) not null,
  grjcbl numeric(4, 2) not null,
  dwjcbl numeric(4, 2) not null,
  gryjce numeric(10, 2) not null,
  dwyjce numeric(10, 2) not null,
  grzhye numeric(12, 2) not null,
  grzhzt text not null,           -- 01 正常 02 封存 03 合并销户 04 外部转出销户 05 提取销户 06 冻结 99 其他
  xhrq date,
  gxsj timestamptz not null       -- 更新时间
);
create index grzhxx_zjhm on grzhxx (zjhm);
create index grzhxx_dwzh on grzhxx (dwzh);
create index grzhxx_gxsj on grzhxx (gxsj);
create table grjcmx (             -- 个人缴存明细：一个月一行
  grzh text not null,
  dwzh text not null,
  jcny integer not null,          -- 汇缴年月
  jcje numeric(10, 2) not null
);
create index grjcmx_account on grjcmx (grzh, jcny);
`,
  },
];
