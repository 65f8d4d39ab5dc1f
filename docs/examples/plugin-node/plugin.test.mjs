import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import test from 'node:test';

import { makeCertificate } from './certificate.mjs';
import { checklists } from './checklist.mjs';
import { InputError, check, judge } from './judge.mjs';

const yes = (item, value = true) => ({ item, value: 'yes', yes: value });
const number = (item, value) => ({ item, value: 'number', number: value });
const good = [yes('greeted'), yes('luggage-tagged'), number('rings', 3), yes('all-met')];

const desk = (...answers) => ({ checklist: 'concierge.desk', answers });
const instead = (...answers) => desk(...good.filter((a) => !answers.some((b) => a.item === b.item)), ...answers);

test('good answers score 100', () => {
  const j = judge(checklists, desk(...good));
  assert.equal(j.score, 100);
  assert.equal(j.arithmetic, '100 × (7 + 1) / (7 + 1) = 100.00');
  assert.equal(j.passed, true);
  assert.deepEqual(j.findings, []);
});

test('a key activity fails the inspection, whatever the score', () => {
  const j = judge(checklists, instead(yes('luggage-tagged', false)));
  assert.equal(j.score, 62.5);
  assert.equal(j.passed, false);
  assert.deepEqual(j.findings.map((f) => [f.item, f.key, f.severity]), [['luggage-tagged', true, 'SEVERITY_CRITICAL']]);
});

test('the telephone is measured against its limit', () => {
  const j = judge(checklists, instead(number('rings', 4)));
  assert.deepEqual(j.measurements, [{ item: 'rings', value: 4, unit: 'rings', limits: { upper: 3 }, within: false }]);
  assert.equal(j.findings[0].text.en, '4 rings, above the limit of 3 rings: The telephone is answered fast (rings)');
});

for (const [name, answers, code, item] of [
  ['an alternative is asked for where a request was not met', [yes('all-met', false)], 'UNANSWERED', 'alternative'],
  ['and not where all were', [yes('alternative')], 'EXCLUDED_ANSWER', 'alternative'],
  ['rings are whole', [number('rings', 1.5)], 'IMPOSSIBLE_NUMBER', 'rings'],
  ['rings are finite', [number('rings', NaN)], 'IMPOSSIBLE_NUMBER', 'rings'],
  ['a number is no yes', [number('greeted', 1)], 'WRONG_KIND', 'greeted'],
  ['one answer is enough', [yes('greeted'), yes('greeted', false)], 'DUPLICATE_ANSWER', 'greeted'],
  ['there are other items', [yes('parking')], 'UNKNOWN_ITEM', 'parking'],
]) {
  test(`refused: ${name}`, () => {
    assert.throws(() => judge(checklists, instead(...answers)), (error) => {
      assert.ok(error instanceof InputError);
      assert.deepEqual(error.problems.map((p) => [p.code, p.item]), [[`PROBLEM_CODE_${code}`, item]]);
      return true;
    });
  });
}

test('a draft may be open', () => {
  assert.deepEqual(check(checklists, desk()), []);
  assert.deepEqual(check(checklists, desk(number('rings', -1))).map((p) => p.code), ['PROBLEM_CODE_IMPOSSIBLE_NUMBER']);
});

test('the certificate is its own', async () => {
  const { certificate } = await makeCertificate();
  const parsed = new X509Certificate(certificate);
  assert.equal(parsed.subjectAltName, 'DNS:localhost');
  assert.ok(parsed.verify(parsed.publicKey));
});
