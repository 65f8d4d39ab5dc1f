package host

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// What the texts of a judgement may hold, in bytes.
const (
	maxReason     = 8 << 10
	maxArithmetic = 64 << 10
)

// checkAnswer checks what a call of Judge returned: a judgement, a refusal of the
// answers, or another error, which it passes on.
func checkAnswer(def checklist.Definition, in checklist.Inspection, j checklist.Judgement, err error) error {
	if err == nil {
		return checkJudgement(def.Adjusted(in.Adjustments), j)
	}
	if input := new(checklist.InputError); errors.As(err, &input) {
		return cmp.Or(checkProblems(def, in, input.Problems), err)
	}
	return err
}

// checkProblems demands that a refusal names items of the checklist or of the
// answers, and says in both languages what to do.
func checkProblems(def checklist.Definition, in checklist.Inspection, problems []checklist.Problem) error {
	known := map[string]bool{"": true}
	for _, section := range def.Sections {
		for _, item := range section.Items {
			known[item.ID] = true
		}
	}
	for _, answer := range in.Answers {
		known[answer.Item] = true
	}
	c := judgementCheck{scope: "problems"}
	for i, p := range problems {
		c.index = i
		c.must(known[p.Item], "item", "is in neither the checklist nor the answers")
		c.must(p.Text.EN != "", "text", "is missing")
		c.text(p.Text, "text")
	}
	return c.err()
}

// checkJudgement holds a plugin's answer against its own checklist and finds the
// first rule of the contract that it breaks, as an *sdk.AnswerError.
func checkJudgement(def checklist.Definition, j checklist.Judgement) error {
	c := newJudgementCheck(def, j)
	c.itemResults(j.Items)
	c.sectionScores(def, j.Sections)
	c.findings(j.Findings)
	c.measurements(j.Measurements)
	c.total(def, j)
	return c.err()
}

// judgementCheck keeps the first rule that is broken. Most answers break none:
// where it would be broken is put into words only then.
type judgementCheck struct {
	items   []*checklist.Item // in order
	results map[string]entry  // by item
	scope   string            // the list that is looked at; empty: the whole
	index   int               // of its entry
	broken  *sdk.AnswerError
}

// entry is an item and what became of it.
type entry struct {
	item    *checklist.Item
	outcome checklist.Outcome
}

func newJudgementCheck(def checklist.Definition, j checklist.Judgement) *judgementCheck {
	c := &judgementCheck{results: make(map[string]entry, len(j.Items))}
	for _, section := range def.Sections {
		for i := range section.Items {
			c.items = append(c.items, &section.Items[i])
		}
	}
	for i := range min(len(c.items), len(j.Items)) {
		c.results[c.items[i].ID] = entry{c.items[i], j.Items[i].Outcome}
	}
	return c
}

// err is nil unless a rule is broken.
func (c *judgementCheck) err() error {
	if c.broken != nil {
		return c.broken
	}
	return nil
}

// must notes that the value of a field of the present entry breaks a rule, unless ok.
func (c *judgementCheck) must(ok bool, field, reason string) {
	switch {
	case ok || c.broken != nil:
	case c.scope == "":
		c.broken = &sdk.AnswerError{Path: field, Reason: reason}
	default:
		c.broken = &sdk.AnswerError{Path: fmt.Sprintf("%s[%d].%s", c.scope, c.index, field), Reason: reason}
	}
}

// whole notes that a list as a whole breaks a rule, unless ok.
func (c *judgementCheck) whole(ok bool, list, reason string, numbers ...any) {
	if !ok && c.broken == nil {
		c.broken = &sdk.AnswerError{Path: list, Reason: fmt.Sprintf(reason, numbers...)}
	}
}

func (c *judgementCheck) within(value, most float64, field string) {
	if !(value >= 0 && value <= most) { // NaN is not, either
		c.must(false, field, fmt.Sprintf("is not between 0 and %v", most))
	}
}

func (c *judgementCheck) score(score *float64, field string) {
	if score != nil {
		c.within(*score, 100, field)
		c.must(math.Abs(*score*100-math.Round(*score*100)) < 1e-6, field, "is not rounded to two decimals")
	}
}

func (c *judgementCheck) text(text checklist.Text, field string) {
	c.must((text.EN == "") == (text.ZH == ""), field, "is in one language only")
	c.must(len(text.EN) <= maxReason && len(text.ZH) <= maxReason, field, "is too long")
	c.storable(text.EN, field)
	c.storable(text.ZH, field)
}

func (c *judgementCheck) arithmetic(text, field string) {
	c.must(len(text) <= maxArithmetic, field, "is too long")
	c.storable(text, field)
}

// storable demands what a database can hold; PostgreSQL holds no NUL.
func (c *judgementCheck) storable(text, field string) {
	c.must(utf8.ValidString(text) && !strings.ContainsRune(text, 0), field, "has characters that cannot be stored")
}

// itemResults demands one result per item, in order.
func (c *judgementCheck) itemResults(results []checklist.ItemResult) {
	c.scope = "items"
	for c.index = range min(len(c.items), len(results)) {
		c.itemResult(c.items[c.index], results[c.index])
	}
	c.whole(len(results) == len(c.items), "items", "has %d results for %d items", len(results), len(c.items))
}

func (c *judgementCheck) itemResult(item *checklist.Item, r checklist.ItemResult) {
	c.must(r.Item == item.ID, "item", "is not the item that the checklist has here")
	c.within(r.Credit, 1, "credit")
	c.within(r.Weight, item.Weight, "weight")
	c.text(r.Reason, "reason")
	switch r.Outcome {
	case checklist.Pass:
		c.must(r.Reason == checklist.Text{}, "reason", "is given although the item passed")
	case checklist.Fail:
		c.must(r.Reason.EN != "", "reason", "is missing although the item failed")
	case checklist.NotApplicable:
		c.must(r.Weight == 0, "weight", "is not 0 although the item doesn't apply")
	default:
		c.must(false, "outcome", "is no outcome")
	}
}

// sectionScores demands one score per section, in order.
func (c *judgementCheck) sectionScores(def checklist.Definition, scores []checklist.SectionScore) {
	c.scope = "sections"
	c.whole(len(scores) == len(def.Sections), "sections", "has %d scores for %d sections", len(scores), len(def.Sections))
	for c.index = range min(len(scores), len(def.Sections)) {
		s := scores[c.index]
		c.must(s.Section == def.Sections[c.index].ID, "section", "is not the section that the checklist has here")
		c.score(s.Score, "score")
		c.must(s.Weight >= 0 && !math.IsInf(s.Weight, 0), "weight", "is not a weight")
		c.must((s.Score != nil) == (s.Weight > 0), "score", "and the weight disagree on whether anything applied")
		c.arithmetic(s.Arithmetic, "arithmetic")
	}
}

// findings demands one for each item that failed and for no other.
func (c *judgementCheck) findings(findings []checklist.Finding) {
	c.scope = "findings"
	found := map[string]bool{}
	for i, f := range findings {
		c.index = i
		judged, known := c.results[f.Item]
		c.must(known && !found[f.Item], "item", "is unknown or has a finding already")
		c.must(judged.outcome == checklist.Fail, "item", "did not fail")
		c.must(known && f.Key == judged.item.Key, "key", "is not what the checklist says")
		switch f.Severity {
		case checklist.Minor, checklist.Major, checklist.Critical:
		default:
			c.must(false, "severity", "is no severity")
		}
		c.must(f.Text.EN != "", "text", "is missing")
		c.text(f.Text, "text")
		found[f.Item] = true
	}
	failed := 0
	for _, judged := range c.results {
		if judged.outcome == checklist.Fail {
			failed++
		}
	}
	c.whole(failed == len(findings), "findings", "has %d for %d items that failed", len(findings), failed)
}

// measurements demands at most one of each tracked item.
func (c *judgementCheck) measurements(measurements []checklist.Measurement) {
	c.scope = "measurements"
	measured := map[string]bool{}
	for i, m := range measurements {
		c.index = i
		judged, known := c.results[m.Item]
		c.must(known && judged.item.Tracked && !measured[m.Item], "item", "is not tracked or is measured already")
		c.must(!math.IsNaN(m.Value) && !math.IsInf(m.Value, 0), "value", "is not finite")
		c.must(known && m.Unit == judged.item.Unit, "unit", "is not the item's")
		for _, limit := range []*float64{m.Limits.Lower, m.Limits.Upper} {
			c.must(limit == nil || !math.IsNaN(*limit) && !math.IsInf(*limit, 0), "limits", "are not finite")
		}
		measured[m.Item] = true
	}
}

// total demands that the whole agrees with its parts.
func (c *judgementCheck) total(def checklist.Definition, j checklist.Judgement) {
	c.scope = ""
	c.score(j.Score, "score")
	c.arithmetic(j.Arithmetic, "arithmetic")
	if !j.Passed {
		return
	}
	const rounding = 0.005 // the plugin may have compared the score before it was rounded
	c.must(j.Score != nil && *j.Score >= def.PassMark-rounding, "passed", "although the score is below the pass mark")
	for _, f := range j.Findings {
		c.must(!f.Key, "passed", "although a key activity failed")
	}
}
