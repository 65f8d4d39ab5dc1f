package sdk

import (
	"fmt"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// Rule is what only the department knows, across items: it reads the answers of
// one inspection and returns what follows from them. It is pure: the same
// answers give the same rulings, in the same order. It is called only with
// answers that are well formed and complete, and never with an item that is
// answered beside one that it excludes.
type Rule func(Answers) []Ruling

// Ruling is what a [Rule] makes of one item: [Reject], [Fail] or [Escalate].
type Ruling struct {
	item     string
	effect   effect
	severity checklist.Severity
	text     checklist.Text
}

type effect int

const (
	_ effect = iota // the zero Ruling is a mistake
	reject
	fail
	escalate
)

// Reject refuses the inspection for the answer to item, as one that contradicts
// the others. The inspector is told the text and answers again.
func Reject(item string, text checklist.Text) Ruling {
	return Ruling{item: item, effect: reject, text: text}
}

// Fail makes item fail without credit, whatever its answer, and its finding at
// least as severe as severity. The reason joins the one there may be.
func Fail(item string, severity checklist.Severity, reason checklist.Text) Ruling {
	return Ruling{item: item, effect: fail, severity: severity, text: reason}
}

// Escalate makes the finding of item, if it has failed, at least as severe as
// severity. The reason joins the one of the failure.
func Escalate(item string, severity checklist.Severity, reason checklist.Text) Ruling {
	return Ruling{item: item, effect: escalate, severity: severity, text: reason}
}

// Answers are what a [Rule] reads. Items are as the standard judgement leaves
// them, before any rule. Asking for an item that the checklist does not have, or
// for a number or choice of an item of another kind, makes the judgement an
// error, so that a slip of the pen in a rule does not go unnoticed.
type Answers struct {
	exam     *examination
	mistakes *[]string
}

// Applies reports whether the item was answered and not as "not applicable".
func (a Answers) Applies(item string) bool {
	return a.find(item).outcome != checklist.NotApplicable
}

// Passed reports whether the item applies and has passed.
func (a Answers) Passed(item string) bool { return a.find(item).outcome == checklist.Pass }

// Failed reports whether the item applies and has failed.
func (a Answers) Failed(item string) bool { return a.find(item).outcome == checklist.Fail }

// Number is the value of a number item; false when the item does not apply.
func (a Answers) Number(item string) (float64, bool) {
	found := a.findKind(item, checklist.Number)
	if found.outcome == checklist.NotApplicable {
		return 0, false
	}
	return *found.answer.Number, true
}

// Seconds is the value of a duration item; false when the item does not apply.
func (a Answers) Seconds(item string) (float64, bool) {
	found := a.findKind(item, checklist.Duration)
	if found.outcome == checklist.NotApplicable {
		return 0, false
	}
	return *found.answer.Seconds, true
}

// Choices are the options chosen at a multiple-choice item; none when the item does
// not apply.
func (a Answers) Choices(item string) []string {
	found := a.findKind(item, checklist.MultipleChoice)
	if found.outcome == checklist.NotApplicable {
		return nil
	}
	return found.answer.Choices
}

// Choice is the option chosen at a choice item; empty when the item does not apply.
func (a Answers) Choice(item string) string {
	found := a.findKind(item, checklist.Choice)
	if found.outcome == checklist.NotApplicable {
		return ""
	}
	return *found.answer.Choice
}

// Evidence is the number of files attached to the item's answer.
func (a Answers) Evidence(item string) int {
	found := a.find(item)
	if found.answer == nil {
		return 0
	}
	return found.answer.Evidence
}

func (a Answers) find(item string) *examined {
	found := a.exam.find(item)
	if found == nil {
		*a.mistakes = append(*a.mistakes, fmt.Sprintf("asks for unknown item %q", item))
		return &examined{outcome: checklist.NotApplicable}
	}
	return found
}

func (a Answers) findKind(item string, kind checklist.Kind) *examined {
	found := a.find(item)
	if found.item.Kind != kind && found.item.ID != "" {
		*a.mistakes = append(*a.mistakes, fmt.Sprintf("asks item %q of kind %s for a %s", item, found.item.Kind, kind))
		return &examined{outcome: checklist.NotApplicable}
	}
	return found
}

// apply runs the rules on a complete examination and then lets their rulings
// take effect, so that no rule sees the effect of another.
func (e *examination) apply(rules []Rule) error {
	var rulings []Ruling
	for i, rule := range rules {
		var mistakes []string
		for _, ruling := range rule(Answers{exam: e, mistakes: &mistakes}) {
			if mistake := e.check(ruling); mistake != "" {
				mistakes = append(mistakes, mistake)
			}
			rulings = append(rulings, ruling)
		}
		if len(mistakes) > 0 {
			return fmt.Errorf("rule %d of checklist %s %s", i+1, e.checklist, mistakes[0])
		}
	}
	for _, ruling := range rulings {
		e.find(ruling.item).take(ruling)
	}
	return nil
}

// check returns what is wrong with a ruling, or nothing.
func (e *examination) check(r Ruling) string {
	switch {
	case r.effect == 0:
		return "rules without Reject, Fail or Escalate"
	case e.find(r.item) == nil:
		return fmt.Sprintf("rules on unknown item %q", r.item)
	case r.text.EN == "" || r.text.ZH == "":
		return fmt.Sprintf("rules on item %q without a text in both languages", r.item)
	case r.effect != reject && rank(r.severity) == 0:
		return fmt.Sprintf("rules on item %q with unknown severity %q", r.item, r.severity)
	}
	return ""
}

// take lets a ruling take effect on the item.
func (x *examined) take(r Ruling) {
	switch r.effect {
	case reject:
		x.object(checklist.RejectedByRule, r.text)
		return
	case fail:
		x.outcome, x.credit = checklist.Fail, 0
	case escalate:
		if x.outcome != checklist.Fail {
			return
		}
	}
	if rank(r.severity) > rank(x.severity) {
		x.severity = r.severity
	}
	x.reason = join(x.reason, r.text)
}

// rank orders the severities from 1; 0 is none of them.
func rank(severity checklist.Severity) int {
	switch severity {
	case checklist.Minor:
		return 1
	case checklist.Major:
		return 2
	case checklist.Critical:
		return 3
	}
	return 0
}

// join appends a reason to one that may be empty.
func join(first, second checklist.Text) checklist.Text {
	if first == (checklist.Text{}) {
		return second
	}
	return T(first.EN+"; "+second.EN, first.ZH+"；"+second.ZH)
}
