// The judgement of an inspection: a pure function of the checklist and the answers.

// InputError refuses answers, and blames nobody but them. Its problems say what the
// inspector has to put right, in the order of the checklist.
export class InputError extends Error {
  constructor(problems) {
    super(`answers cannot be judged: ${problems.map((p) => p.code).join(', ')}`);
    this.problems = problems;
  }
}

// judge gives the judgement of answers that are complete and well formed.
export function judge(checklists, inspection) {
  const { checklist, items, problems } = examine(checklists, inspection);
  if (problems.length > 0) throw new InputError(problems);
  const tallies = checklist.sections.map((section) => tallyOf(section.items.map((item) => items.get(item.id))));
  const counted = tallies.filter((tally) => tally.weight > 0);
  const whole = scoreOf(sum(counted, 'earned'), sum(counted, 'weight'),
    counted.map((tally) => tally.earned), counted.map((tally) => tally.weight));
  const all = [...items.values()];
  const failed = all.filter((x) => x.outcome === 'OUTCOME_FAIL');
  return {
    items: all.map((x) => ({ item: x.item.id, outcome: x.outcome, credit: x.credit, weight: x.weight, reason: x.reason })),
    sections: tallies.map(({ score, weight, arithmetic }, i) => ({ section: checklist.sections[i].id, score, weight, arithmetic })),
    ...whole,
    passed: whole.score !== undefined && whole.score >= checklist.pass_mark && !failed.some((x) => x.item.key),
    findings: failed.map((x) => ({
      item: x.item.id, severity: x.item.severity, key: x.item.key === true,
      text: { en: `${x.reason.en}: ${x.item.text.en}`, zh: `${x.reason.zh}：${x.item.text.zh}` },
    })),
    measurements: all.filter((x) => x.item.tracked && x.answer).map((x) => ({
      item: x.item.id, value: x.answer.number, unit: x.item.unit, limits: x.item.limits, within: x.outcome === 'OUTCOME_PASS',
    })),
  };
}

// check tells what is wrong with a draft. What is still open is not.
export function check(checklists, inspection) {
  return examine(checklists, inspection).problems.filter((p) => p.code !== 'PROBLEM_CODE_UNANSWERED');
}

// valueOf is the field of an answer that belongs to a kind of item.
const valueOf = { KIND_YES_NO: 'yes', KIND_NUMBER: 'number', KIND_TEXT: 'filled' };

// examine lays the answers beside their items.
function examine(checklists, inspection) {
  const checklist = checklists.find((c) => c.id === inspection.checklist);
  if (!checklist) {
    throw new InputError([problem('', 'UNKNOWN_CHECKLIST', 'This plugin has no such checklist', '该插件没有此检查表')]);
  }
  const given = new Map();
  for (const answer of inspection.answers) {
    given.set(answer.item, [...(given.get(answer.item) ?? []), answer]);
  }
  const items = new Map();
  const problems = [];
  for (const item of checklist.sections.flatMap((section) => section.items)) {
    const x = examineItem(item, given.get(item.id) ?? [], items);
    items.set(item.id, x);
    problems.push(...x.problems);
    given.delete(item.id);
  }
  for (const id of [...given.keys()].sort()) {
    problems.push(problem(id, 'UNKNOWN_ITEM', 'The checklist has no such item', '检查表中没有该项目'));
  }
  return { checklist, items, problems };
}

// examineItem judges one item by its answer; before holds the items before it.
function examineItem(item, answers, before) {
  const x = { item, outcome: 'OUTCOME_NOT_APPLICABLE', credit: 0, weight: 0, problems: [] };
  const object = (...about) => x.problems.push(problem(item.id, ...about));
  x.asked = (item.when ?? []).every((c) => {
    const earlier = before.get(c.item);
    return earlier.asked && earlier.answer?.value === 'yes' && earlier.answer.yes === c.yes;
  });
  if (answers.length > 1) {
    object('DUPLICATE_ANSWER', 'Answered more than once: keep one answer', '重复作答，请只保留一个答案');
    return x;
  }
  const [answer] = answers;
  const answered = answer?.value !== undefined && !(answer.value === 'filled' && !answer.filled);
  if (answer?.not_applicable) {
    if (answered) object('WRONG_KIND', 'Answered and marked as not applicable: keep one of the two', '既作答又标为不适用，请只保留其一');
    return x;
  }
  if (!answered) {
    if (item.required && x.asked) object('UNANSWERED', 'Needs an answer', '此项必须作答');
    return x;
  }
  if (!x.asked) {
    object('EXCLUDED_ANSWER', 'Not asked after the answers before it: take the answer back', '根据前面的答案无需作答，请删除此答案');
  } else if (answer.value !== valueOf[item.kind]) {
    object('WRONG_KIND', 'The answer is not of the kind that the item asks for', '答案类型与项目要求不符');
  } else if (item.kind === 'KIND_NUMBER' && !(Number.isInteger(answer.number) && answer.number >= 0)) {
    object('IMPOSSIBLE_NUMBER', 'Not a possible number in the item\'s unit', '该数值在此计量单位下不可能出现');
  } else {
    grade(x, answer);
  }
  return x;
}

function grade(x, answer) {
  x.answer = answer;
  x.weight = x.item.weight;
  const upper = x.item.limits?.upper;
  if (answer.value === 'yes' && !answer.yes) {
    x.reason = { en: 'Not met', zh: '不符合' };
  } else if (answer.value === 'number' && answer.number > upper) {
    x.reason = { en: `${answer.number} rings, above the limit of ${upper} rings`, zh: `${answer.number} 声，高于上限 ${upper} 声` };
  }
  x.outcome = x.reason ? 'OUTCOME_FAIL' : 'OUTCOME_PASS';
  x.credit = x.reason ? 0 : 1;
}

function problem(item, code, en, zh) {
  return { item, code: `PROBLEM_CODE_${code}`, text: { en, zh } };
}

const sum = (list, field) => list.reduce((total, entry) => total + entry[field], 0);

// tallyOf adds up a section's items that count. The weights are whole, so the sums
// are exact.
function tallyOf(items) {
  const counted = items.filter((x) => x.weight > 0);
  const weight = sum(counted, 'weight');
  const earned = counted.reduce((total, x) => total + x.credit * x.weight, 0);
  return { earned, ...scoreOf(earned, weight, counted.map((x) => `${x.credit}×${x.weight}`), [weight]), weight };
}

// scoreOf is 100 × earned / weight, rounded half up to two decimals, with its
// arithmetic; neither when nothing counts.
function scoreOf(earned, weight, terms, weights) {
  if (weight === 0) return { arithmetic: '' };
  const score = Math.round((earned * 10000) / weight) / 100;
  const divisor = weights.length > 1 ? `(${weights.join(' + ')})` : `${weights[0]}`;
  return { score, arithmetic: `100 × (${terms.join(' + ')}) / ${divisor} = ${score.toFixed(2)}` };
}
