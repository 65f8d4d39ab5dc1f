// What the concierge's desk is asked. A checklist is plain data, in the form that
// checklist.proto gives it.

export const checklists = [
  {
    id: 'concierge.desk',
    title: { en: 'Concierge desk', zh: '礼宾台' },
    pass_mark: 80,
    sections: [
      {
        id: 'service',
        title: { en: 'Service', zh: '服务' },
        items: [
          yesNo('greeted', 'Guests are greeted before they speak', '主动问候宾客', { weight: 2 }),
          yesNo('luggage-tagged', 'Every piece of luggage has a tag with the room number', '每件行李均挂有写明房号的行李牌',
            { weight: 3, key: true, severity: 'SEVERITY_CRITICAL' }),
          {
            ...yesNo('rings', 'The telephone is answered fast (rings)', '及时接听电话（铃声次数）', { weight: 2 }),
            kind: 'KIND_NUMBER', unit: 'rings', limits: { upper: 3 }, tracked: true,
          },
        ],
      },
      {
        id: 'requests',
        title: { en: 'Requests', zh: '宾客需求' },
        items: [
          yesNo('all-met', 'Every request was met', '宾客需求全部满足'),
          {
            ...yesNo('alternative', 'Where a request could not be met, an alternative was offered', '无法满足需求时提供替代方案',
              { weight: 2, severity: 'SEVERITY_MAJOR' }),
            when: [{ item: 'all-met', yes: false }], // asked only when not all requests were met
          },
          { ...yesNo('remark', 'What else was seen', '其他情况', { weight: 0, required: false }), kind: 'KIND_TEXT' },
        ],
      },
    ],
  },
];

// description is what the plugin says of itself. Raise the version with every change.
export const description = {
  plugin: 'concierge',
  version: '1.0.0',
  name: { en: 'Concierge', zh: '礼宾部' },
  checklists,
  capabilities: ['CAPABILITY_CHECK'],
};

function yesNo(id, en, zh, options) {
  return {
    id, text: { en, zh }, kind: 'KIND_YES_NO', required: true, weight: 1,
    severity: 'SEVERITY_MINOR', evidence: 'EVIDENCE_NONE', ...options,
  };
}
