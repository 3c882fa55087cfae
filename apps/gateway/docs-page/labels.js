/* global MutationObserver, NodeFilter, document */
// Swagger UI speaks English only and has no catalogue of words: its labels are put into Chinese as they appear. Only the
// labels listed here, and only whole texts, so that no data is ever touched.

const LABELS = new Map(
  Object.entries({
    'Try it out': '试用',
    'Try it out ': '试用',
    Cancel: '取消',
    Reset: '恢复示例',
    Execute: '发送',
    Clear: '清除',
    Parameters: '参数',
    'No parameters': '没有参数',
    'Request body': '请求体',
    Responses: '答复',
    'Server response': '网关答复',
    'Response body': '答复正文',
    'Response headers': '答复头部',
    'Request URL': '请求地址',
    Code: '状态码',
    Details: '内容',
    Description: '说明',
    Links: '链接',
    'No links': '无',
    Name: '名称',
    required: '必填',
    Examples: '示例',
    'Examples: ': '示例：',
    'Example Value': '示例值',
    'Example Description': '示例说明',
    Schema: '结构',
    'Edit Value': '编辑',
    'Media type': '内容类型',
    'Headers:': '头部：',
    Type: '类型',
    'Request duration': '用时',
    Download: '下载',
    Undocumented: '文档未列',
    Loading: '载入中',
    Schemas: '数据结构',
    'Expand all': '全部展开',
    'Collapse all': '全部收起',
    'Controls ': '决定 ',
    ' header.': ' 头部。',
  }),
);

/** Keeps the labels below `root` in Chinese from now on. */
export function translate(root) {
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      relabel(target);
      for (const node of addedNodes) relabel(node);
    }
  });
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  relabel(root);
}

function relabel(node) {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  for (let text = node.nodeType === 3 ? node : texts.nextNode(); text; text = texts.nextNode()) {
    const label = LABELS.get(text.data);
    // Code and input show data: a value that happens to be a label stays as it is.
    if (label !== undefined && !text.parentElement?.closest('pre, code, textarea, input')) text.data = label;
  }
}
