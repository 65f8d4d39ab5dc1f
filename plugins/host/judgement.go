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
	var c judgementCheck
	for i, p := range problems {
		path := fmt.Sprintf("problems[%d]", i)
		c.must(known[p.Item], path+".item", "is in neither the checklist nor the answers")
		c.must(p.Text.EN != "", path+".text", "is missing")
		c.text(p.Text, path+".text")
	}
	return c.err()
}

// checkJudgement holds a plugin's answer against its own checklist and finds the
// first rule of the contract that it breaks, as an *sdk.AnswerError.
func checkJudgement(def checklist.Definition, j checklist.Judgement) error {
	c := judgementCheck{items: map[string]checklist.Item{}, results: map[string]checklist.ItemResult{}}
	c.itemResults(def, j.Items)
	c.sectionScores(def, j.Sections)
	c.findings(j.Findings)
	c.measurements(j.Measurements)
	c.total(def, j)
	return c.err()
}

// judgementCheck keeps the first rule that is broken.
type judgementCheck struct {
	items   map[string]checklist.Item
	results map[string]checklist.ItemResult
	broken  *sdk.AnswerError
}

// err is nil unless a rule is broken.
func (c *judgementCheck) err() error {
	if c.broken != nil {
		return c.broken
	}
	return nil
}

// must notes that the value at path breaks a rule, unless ok.
func (c *judgementCheck) must(ok bool, path, reason string) {
	if !ok && c.broken == nil {
		c.broken = &sdk.AnswerError{Path: path, Reason: reason}
	}
}

func (c *judgementCheck) within(value, most float64, path string) {
	c.must(value >= 0 && value <= most, path, fmt.Sprintf("is not between 0 and %v", most)) // NaN is not, either
}

func (c *judgementCheck) score(score *float64, path string) {
	if score != nil {
		c.within(*score, 100, path)
		c.must(math.Abs(*score*100-math.Round(*score*100)) < 1e-6, path, "is not rounded to two decimals")
	}
}

func (c *judgementCheck) text(text checklist.Text, path string) {
	c.must((text.EN == "") == (text.ZH == ""), path, "is in one language only")
	c.must(len(text.EN) <= maxReason && len(text.ZH) <= maxReason, path, "is too long")
	c.storable(text.EN+text.ZH, path)
}

func (c *judgementCheck) arithmetic(text, path string) {
	c.must(len(text) <= maxArithmetic, path, "is too long")
	c.storable(text, path)
}

// storable demands what a database can hold; PostgreSQL holds no NUL.
func (c *judgementCheck) storable(text, path string) {
	c.must(utf8.ValidString(text) && !strings.ContainsRune(text, 0), path, "has characters that cannot be stored")
}

// itemResults demands one result per item, in order.
func (c *judgementCheck) itemResults(def checklist.Definition, results []checklist.ItemResult) {
	count := 0
	for _, section := range def.Sections {
		for _, item := range section.Items {
			c.items[item.ID] = item
			if count < len(results) {
				c.itemResult(fmt.Sprintf("items[%d]", count), item, results[count])
			}
			count++
		}
	}
	c.must(len(results) == count, "items", fmt.Sprintf("has %d results for %d items", len(results), count))
}

func (c *judgementCheck) itemResult(path string, item checklist.Item, r checklist.ItemResult) {
	c.results[item.ID] = r
	c.must(r.Item == item.ID, path+".item", "is not the item that the checklist has here")
	c.within(r.Credit, 1, path+".credit")
	c.within(r.Weight, item.Weight, path+".weight")
	c.text(r.Reason, path+".reason")
	switch r.Outcome {
	case checklist.Pass:
		c.must(r.Reason == checklist.Text{}, path+".reason", "is given although the item passed")
	case checklist.Fail:
		c.must(r.Reason.EN != "", path+".reason", "is missing although the item failed")
	case checklist.NotApplicable:
		c.must(r.Weight == 0, path+".weight", "is not 0 although the item doesn't apply")
	default:
		c.must(false, path+".outcome", "is no outcome")
	}
}

// sectionScores demands one score per section, in order.
func (c *judgementCheck) sectionScores(def checklist.Definition, scores []checklist.SectionScore) {
	c.must(len(scores) == len(def.Sections), "sections", fmt.Sprintf("has %d scores for %d sections", len(scores), len(def.Sections)))
	for i := range min(len(scores), len(def.Sections)) {
		path, s := fmt.Sprintf("sections[%d]", i), scores[i]
		c.must(s.Section == def.Sections[i].ID, path+".section", "is not the section that the checklist has here")
		c.score(s.Score, path+".score")
		c.must(s.Weight >= 0 && !math.IsInf(s.Weight, 0), path+".weight", "is not a weight")
		c.must((s.Score != nil) == (s.Weight > 0), path+".score", "and the weight disagree on whether anything applied")
		c.arithmetic(s.Arithmetic, path+".arithmetic")
	}
}

// findings demands one for each item that failed and for no other.
func (c *judgementCheck) findings(findings []checklist.Finding) {
	found := map[string]bool{}
	for i, f := range findings {
		path := fmt.Sprintf("findings[%d]", i)
		item, known := c.items[f.Item]
		c.must(known && !found[f.Item], path+".item", "is unknown or has a finding already")
		c.must(c.results[f.Item].Outcome == checklist.Fail, path+".item", "did not fail")
		c.must(f.Key == item.Key, path+".key", "is not what the checklist says")
		switch f.Severity {
		case checklist.Minor, checklist.Major, checklist.Critical:
		default:
			c.must(false, path+".severity", "is no severity")
		}
		c.must(f.Text.EN != "", path+".text", "is missing")
		c.text(f.Text, path+".text")
		found[f.Item] = true
	}
	failed := 0
	for _, r := range c.results {
		if r.Outcome == checklist.Fail {
			failed++
		}
	}
	c.must(failed == len(findings), "findings", fmt.Sprintf("has %d for %d items that failed", len(findings), failed))
}

// measurements demands at most one of each tracked item.
func (c *judgementCheck) measurements(measurements []checklist.Measurement) {
	measured := map[string]bool{}
	for i, m := range measurements {
		path := fmt.Sprintf("measurements[%d]", i)
		item := c.items[m.Item]
		c.must(item.Tracked && !measured[m.Item], path+".item", "is not tracked or is measured already")
		c.must(!math.IsNaN(m.Value) && !math.IsInf(m.Value, 0), path+".value", "is not finite")
		c.must(m.Unit == item.Unit, path+".unit", "is not the item's")
		for _, limit := range []*float64{m.Limits.Lower, m.Limits.Upper} {
			c.must(limit == nil || !math.IsNaN(*limit) && !math.IsInf(*limit, 0), path+".limits", "are not finite")
		}
		measured[m.Item] = true
	}
}

// total demands that the whole agrees with its parts.
func (c *judgementCheck) total(def checklist.Definition, j checklist.Judgement) {
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
